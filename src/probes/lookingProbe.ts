import { neverCancelled } from '../base/cancellation';
import type { ExchangeLimits } from '../platform/net/socketExchange';
import type { ProbeOutcome } from '../platform/net/types';
import type { Probe } from './probe';

/** A probe that only looks: it keeps nothing between looks and does not listen to output. */
export function lookingProbe(describe: string, look: (limits: ExchangeLimits) => Promise<ProbeOutcome>): Probe {
  return {
    describe,
    probe: (timeoutMs, signal = neverCancelled) => look({ timeoutMs, signal }),
    feed: () => {},
    dispose: () => {},
  };
}
