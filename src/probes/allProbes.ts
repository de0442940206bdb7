import { neverCancelled } from '../base/cancellation';
import type { ProbeOutcome } from '../platform/net/types';
import type { Probe } from './probe';

/** Several probes as one question: all must hold in the same look (a log probe stays satisfied by itself). */
export function allProbes(probes: readonly Probe[]): Probe {
  const [only] = probes;
  if (only && probes.length === 1) return only;
  return {
    describe: probes.map((probe) => probe.describe).join(' and '),
    probe: async (timeoutMs, signal = neverCancelled) => {
      const outcomes = await Promise.all(probes.map((probe) => probe.probe(timeoutMs, signal)));
      return combine(probes, outcomes);
    },
    feed: (chunk) => {
      for (const probe of probes) probe.feed(chunk);
    },
    dispose: () => {
      for (const probe of probes) probe.dispose();
    },
  };
}

/** Names each probe that does not hold, or what all of them saw. */
function combine(probes: readonly Probe[], outcomes: readonly ProbeOutcome[]): ProbeOutcome {
  const ok = outcomes.every((outcome) => outcome.ok);
  const told = outcomes.flatMap((outcome, i) =>
    outcome.ok === ok ? [`${probes[i]?.describe ?? ''}: ${outcome.saw}`] : [],
  );
  const holder = outcomes.find((outcome) => outcome.holder !== undefined)?.holder;
  return {
    ok,
    saw: told.join('; '),
    // Of those that do not hold: what is reached and missing, not what is reached and fine.
    ...(outcomes.some((outcome) => outcome.connected === true && outcome.ok === ok) ? { connected: true } : {}),
    ...(holder === undefined ? {} : { holder }),
  };
}
