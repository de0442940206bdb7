import type { UnixProbeDefinition } from '../model/backendDefinition';
import { connectOnce } from '../platform/net/tcpConnect';
import { lookingProbe } from './lookingProbe';
import type { Probe } from './probe';

export function createUnixProbe(definition: UnixProbeDefinition, describe: string): Probe {
  return lookingProbe(describe, async (limits) => {
    const result = await connectOnce({ socketPath: definition.path }, limits);
    return result.kind === 'connected'
      ? { ok: true, saw: 'connected', connected: true }
      : { ok: false, saw: result.saw };
  });
}
