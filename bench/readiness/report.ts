/** What the trials say: figures against their targets, and the rest in words. */
import type { Comparison } from '../support/comparison';
import { percentile } from '../support/statistics';
import type { Crowd } from './crowd';
import type { Latency } from './plot';
import type { ServerTrial } from './servers';
import type { TrapResult } from './traps';
import { againName, ourName, type Plan, type Trial } from './trial';

export interface Findings {
  readonly trials: readonly Trial[];
  readonly crowds: readonly Crowd[];
  readonly traps: readonly TrapResult[];
  readonly servers: readonly ServerTrial[];
}

const modes = ['prints', 'silent'] as const;
const latencyTargets = { prints: [2, 10], silent: [12, 40] } as const;

export function latencyOf(
  trials: readonly Trial[],
  waiter: string,
  mode: Plan['mode'],
): Latency & { readonly maxMs: number } {
  const late = trials.filter((trial) => trial.waiter === waiter && trial.mode === mode).map((trial) => trial.latencyMs);
  return { medianMs: percentile(late, 0.5), p95Ms: percentile(late, 0.95), maxMs: Math.max(...late) };
}

/** Processor time from the spawn to the answer: in ms of one start, and in ms for each second that was waited. */
function cpuOf(
  trials: readonly Trial[],
  waiter: string,
  mode: Plan['mode'],
): { readonly perStart: number; readonly perSecond: number } {
  const own = trials.filter((trial) => trial.waiter === waiter && trial.mode === mode);
  const cpuMs = own.reduce((total, trial) => total + trial.cpuMs, 0);
  const waitedMs = own.reduce((total, trial) => total + trial.waitedMs, 0);
  return { perStart: cpuMs / own.length, perSecond: (cpuMs / waitedMs) * 1_000 };
}

export function compare({ trials, crowds, traps }: Findings): readonly Comparison[] {
  return [
    ...modes.flatMap((mode) => latencyComparisons(trials, mode)),
    ...modes.flatMap((mode) => [ourName, againName].flatMap((who) => cpuComparisons(trials, who, mode))),
    ...crowdComparisons(trials, crowds),
    {
      ...{ measure: 'false ready in the traps', unit: '', ours: falseReady(traps, ourName) },
      target: { of: 'ours', atMost: 0 },
    },
  ];
}

function latencyComparisons(trials: readonly Trial[], mode: Plan['mode']): readonly Comparison[] {
  const [ours, waitOn] = [latencyOf(trials, ourName, mode), latencyOf(trials, 'wait-on', mode)];
  const [medianMs, p95Ms] = latencyTargets[mode];
  return [
    {
      ...{ measure: `noticed, ${mode}, median`, unit: 'ms', ours: ours.medianMs, baseline: waitOn.medianMs },
      target: { of: 'ours', atMost: medianMs },
    },
    {
      ...{ measure: `noticed, ${mode}, p95`, unit: 'ms', ours: ours.p95Ms, baseline: waitOn.p95Ms },
      target: { of: 'ours', atMost: p95Ms },
    },
  ];
}

/** Who waits longer than it has to spreads what a start costs over more seconds: both are told. */
function cpuComparisons(trials: readonly Trial[], who: string, mode: Plan['mode']): readonly Comparison[] {
  const [peer, atMost] = mode === 'prints' ? ['bare schedule', 2] : ['wait-on', 1];
  const [ours, theirs] = [cpuOf(trials, who, mode), cpuOf(trials, peer, mode)];
  const words = `${who}, ${mode}, beside ${peer}`;
  return [
    {
      ...{ measure: `processor for a start, ${words}`, unit: 'ms', ours: ours.perStart, baseline: theirs.perStart },
      target: { of: 'ratio', atMost },
    },
    {
      ...{ measure: `processor, ${words}`, unit: 'ms/s', ours: ours.perSecond, baseline: theirs.perSecond },
      target: { of: 'ratio', atMost },
    },
  ];
}

function crowdComparisons(trials: readonly Trial[], crowds: readonly Crowd[]): readonly Comparison[] {
  const of200 = (waiter: string): Crowd | undefined =>
    crowds.find((crowd) => crowd.waiter === waiter && crowd.count === 200);
  const [ours, waitOn] = [of200(ourName), of200('wait-on')];
  if (ours === undefined || waitOn === undefined) return [];
  const figures = { ours: ours.cpuMsPerSecond, baseline: waitOn.cpuMsPerSecond };
  const single = trials.filter(({ waiter }) => waiter === ourName).map(({ latencyMs }) => latencyMs);
  return [
    {
      ...{ measure: 'processor, 200 at once, beside wait-on', unit: 'ms/s', ...figures },
      target: { of: 'ratio', atMost: 0.25 },
    },
    {
      ...{ measure: 'noticed, 200 at once, p95, beside one', unit: 'ms' },
      ...{ ours: percentile(ours.latenciesMs, 0.95), baseline: percentile(single, 0.95) },
      target: { of: 'ratio', atMost: 2 },
    },
  ];
}

function falseReady(traps: readonly TrapResult[], waiter: string): number {
  return traps.filter((result) => result.waiter === waiter && result.verdict === 'FALSE READY').length;
}

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

export function notesOf({ trials, crowds, traps, servers }: Findings): readonly string[] {
  const names = [...new Set(trials.map((trial) => trial.waiter))].sort();
  const late = names.flatMap((name) =>
    modes.map((mode) => {
      const { medianMs, p95Ms, maxMs } = latencyOf(trials, name, mode);
      const { perStart, perSecond } = cpuOf(trials, name, mode);
      const cpu = `${perStart.toFixed(1)} ms of a processor for a start, ${perSecond.toFixed(1)} ms/s`;
      return `${name}, ${mode}: median ${ms(medianMs)} / p95 ${ms(p95Ms)} / max ${ms(maxMs)} ms, ${cpu}`;
    }),
  );
  const many = crowds.map(({ waiter, count, latenciesMs, cpuMsPerSecond }) => {
    const [median = 0, p95 = 0] = [0.5, 0.95].map((share) => percentile(latenciesMs, share));
    return `${count} at once, ${waiter}: median ${ms(median)} / p95 ${ms(p95)} ms, ${cpuMsPerSecond.toFixed(1)} ms/s`;
  });
  const trapped = [...new Set(traps.map(({ trap }) => trap))].map((trap) => {
    const told = traps.filter((result) => result.trap === trap).map(({ waiter, verdict }) => `${waiter} ${verdict}`);
    return `trap "${trap}": ${told.join(', ')}`;
  });
  return [
    `${trials.length / names.length} trials of each waiter.`,
    ...late,
    ...many,
    ...serverNotes(servers),
    ...trapped,
  ];
}

function serverNotes(servers: readonly ServerTrial[]): readonly string[] {
  return [...new Set(servers.map(({ server }) => server))].map((name) => {
    const own = servers.filter(({ server }) => server === name);
    const told = [...new Set(own.map(({ waiter }) => waiter))].map((waiter) => {
      const late = own.filter((trial) => trial.waiter === waiter).map(({ latencyMs }) => latencyMs);
      return `${waiter} ${ms(percentile(late, 0.5))} (${ms(Math.max(...late))})`;
    });
    return `${name}, median (max) in ms after it listens: ${told.join(', ')}`;
  });
}
