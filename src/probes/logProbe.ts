import type { LogProbeDefinition } from '../model/backendDefinition';
import { LogMatcher } from './logMatcher';
import type { Probe, ProbeContext } from './probe';

/** `text`: what is waited for, as it is shown. */
export function createLogProbe(definition: LogProbeDefinition, context: ProbeContext, text: string): Probe {
  const matcher = new LogMatcher(definition, context.patterns, () => context.onEvidence?.());
  return {
    describe: `log ${text}`,
    probe: () =>
      Promise.resolve(
        matcher.satisfied
          ? { ok: true, saw: `found ${text}` }
          : { ok: false, saw: matcher.problem ?? `waiting for ${text}` },
      ),
    feed: (chunk) => matcher.feed(chunk),
    dispose: () => matcher.dispose(),
  };
}
