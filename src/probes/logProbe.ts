import type { LogProbeDefinition } from '../model/backendDefinition';
import { LogMatcher } from './logMatcher';
import type { Probe, ProbeContext } from './probe';

export function createLogProbe(definition: LogProbeDefinition, context: ProbeContext): Probe {
  const flags = definition.regexFlags;
  const text = flags === undefined ? JSON.stringify(definition.pattern) : `/${definition.pattern}/${flags}`;
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
