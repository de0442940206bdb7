import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerHarness } from '../../test/support/brokerHarness';
import type { TestWindow } from '../../test/support/testWindow';
import { allocatePort, isPortFree } from '../../src/platform/net/freePort';
import { ourCrowd, peerCrowd, type Crowd } from '../readiness/crowd';
import { installPeers, peers, type Waiter } from '../readiness/peers';
import { plotSvg, renderPng, type Latency, type PlotRow } from '../readiness/plot';
import { runTraps, type TrapResult } from '../readiness/traps';
import { againName, buildTarget, ourName, ourTrial, peerTrial, type Plan, type Trial } from '../readiness/trial';
import type { Comparison, Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';
import { percentile } from '../support/statistics';
import { repositoryRoot } from '../../test/support/repositoryRoot';

/** Start-ups of so many ms, and how many trials of each for one sample of the command line. */
const classes = [
  { fromMs: 50, toMs: 400, share: 1 },
  { fromMs: 500, toMs: 3_000, share: 1 },
  { fromMs: 3_000, toMs: 8_000, share: 0.25 },
] as const;
/** A run with fewer samples than this is a short one, without two hundred at once. */
const manySamples = 2;
const crowdPeers: readonly string[] = ['wait-on', 'every 50 ms', 'bare schedule'];
/** Fixed ports of the crowds and traps; none of the range from which kernels take ports. */
const firstFixedPort = 21_000;

interface Place {
  readonly program: string;
  readonly scratch: string;
  readonly window: TestWindow;
  readonly harness: BrokerHarness;
  readonly print: (line: string) => void;
}

/**
 * How late a server is noticed after the instant it answers: ours through a real broker, from the wish to the answer a window
 * gets, and peers, the waiters in changing order within each trial.
 */
export async function measureReadiness(context: BenchContext): Promise<Measured> {
  const waiters = peers(installPeers(context.results));
  const harness = new BrokerHarness({ maxConcurrentStarts: 250 });
  try {
    const window = harness.window();
    // A first start brings the broker up.
    await window.declare({ first: { command: ['sleep', '60'], ready: 'none' } });
    await window.start('first');
    await window.stop('first');
    const place = { ...context, harness, window, program: buildTarget(context.scratch) };
    const trials = await runTrials(waiters, place, context.samples);
    writeFileSync(join(context.results, 'readiness-trials.json'), JSON.stringify(trials));
    const crowds = await runCrowds(waiters, place, context.samples < manySamples ? [1, 50] : [1, 50, 200]);
    context.print('  traps …');
    const traps = await runTraps(waiters, window, context.scratch, firstFixedPort + 2_000);
    writeFileSync(join(context.results, 'readiness.json'), JSON.stringify({ trials, crowds, traps }, undefined, 1));
    await draw(trials, [ourName, ...waiters.map(({ name }) => name)], context);
    return { comparisons: compare(trials, crowds, traps), notes: notesOf(trials, crowds, traps) };
  } finally {
    await harness.dispose();
  }
}

async function runTrials(waiters: readonly Waiter[], place: Place, samples: number): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const { fromMs, toMs, share } of classes) {
    const count = Math.max(1, Math.round(samples * share));
    for (let sample = 0; sample < count; sample++) {
      const afterMs = Math.round(fromMs + ((sample + Math.random()) / count) * (toMs - fromMs));
      place.print(`  ready after ${afterMs} ms …`);
      for (const mode of ['prints', 'silent'] as const) {
        trials.push(...(await roundOf(waiters, place, { mode, afterMs }, trials.length)));
      }
    }
  }
  return trials;
}

/** Every waiter once, each beginning where the last round did not. */
async function roundOf(waiters: readonly Waiter[], place: Place, plan: Plan, turn: number): Promise<readonly Trial[]> {
  const all: readonly (Waiter | undefined)[] = [undefined, ...waiters];
  const from = Math.floor(Math.random() * all.length);
  const trials: Trial[] = [];
  for (const [index, waiter] of [...all.slice(from), ...all.slice(0, from)].entries()) {
    const port = await allocatePort((candidate) => isPortFree(candidate));
    if (port === undefined) throw new Error('no port is free');
    const stamp = join(place.scratch, `${turn}-${index}.stamp`);
    if (waiter === undefined) trials.push(...(await oursTwice(place, plan, port, stamp)));
    else trials.push(await peerTrial(place.program, waiter, plan, port, stamp));
  }
  return trials;
}

async function oursTwice(
  { program, window, harness }: Place,
  plan: Plan,
  port: number,
  stamp: string,
): Promise<readonly Trial[]> {
  const name = `at${port}`;
  const command = [program, String(port), String(plan.afterMs), plan.mode, stamp];
  await window.declare({ [name]: { command, port, gateway: false, ready: { http: '/' } } });
  const broker = harness.brokerPid;
  if (broker === undefined) throw new Error('no broker runs');
  const trials: Trial[] = [];
  for (const waiter of [ourName, againName]) {
    rmSync(stamp, { force: true });
    trials.push(await ourTrial(window, broker, plan, name, stamp, waiter));
    await window.stop(name);
  }
  return trials;
}

async function runCrowds(
  waiters: readonly Waiter[],
  place: Place,
  counts: readonly number[],
): Promise<readonly Crowd[]> {
  const crowds: Crowd[] = [];
  const broker = place.harness.brokerPid;
  if (broker === undefined) throw new Error('no broker runs');
  for (const count of counts) {
    place.print(`  ${count} at once …`);
    const at = { program: place.program, scratch: place.scratch };
    let firstPort = firstFixedPort;
    for (const waiter of waiters.filter(({ name }) => crowdPeers.includes(name))) {
      crowds.push(await peerCrowd(waiter, count, { ...at, firstPort }));
      firstPort += 300;
    }
    crowds.push(await ourCrowd(place.window, broker, count, { ...at, firstPort }));
  }
  return crowds;
}

function latencyOf(trials: readonly Trial[], waiter: string, mode: Plan['mode']): Latency & { readonly maxMs: number } {
  const late = trials.filter((trial) => trial.waiter === waiter && trial.mode === mode).map((trial) => trial.latencyMs);
  return { medianMs: percentile(late, 0.5), p95Ms: percentile(late, 0.95), maxMs: Math.max(...late) };
}

/** Processor time of one wait, from the spawn to the answer. Who waits longer than it has to pays for that here. */
function cpuPerStart(trials: readonly Trial[], waiter: string, mode: Plan['mode']): number {
  const own = trials.filter((trial) => trial.waiter === waiter && trial.mode === mode);
  return own.reduce((total, { cpuMs }) => total + cpuMs, 0) / own.length;
}

function compare(
  trials: readonly Trial[],
  crowds: readonly Crowd[],
  traps: readonly TrapResult[],
): readonly Comparison[] {
  const targets = { prints: [2, 10], silent: [12, 40] } as const;
  const latencies = (['prints', 'silent'] as const).flatMap((mode): Comparison[] => {
    const [ours, waitOn] = [ourName, 'wait-on'].map((name) => latencyOf(trials, name, mode));
    const [medianMs, p95Ms] = targets[mode];
    if (ours === undefined || waitOn === undefined) return [];
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
  });
  const cpu = (who: string, mode: Plan['mode'], peer: string, atMost: number): Comparison => ({
    ...{ measure: `processor for a start, ${who}, ${mode}, beside ${peer}`, unit: 'ms' },
    ...{ ours: cpuPerStart(trials, who, mode), baseline: cpuPerStart(trials, peer, mode) },
    target: { of: 'ratio', atMost },
  });
  return [
    ...latencies,
    ...[ourName, againName].flatMap((who) => [
      cpu(who, 'prints', 'bare schedule', 2),
      cpu(who, 'silent', 'wait-on', 1),
    ]),
    ...crowdComparison(crowds),
    {
      ...{ measure: 'false ready in the traps', unit: '', ours: falseReady(traps, ourName) },
      target: { of: 'ours', atMost: 0 },
    },
  ];
}

function crowdComparison(crowds: readonly Crowd[]): readonly Comparison[] {
  const of200 = (waiter: string): Crowd | undefined =>
    crowds.find((crowd) => crowd.waiter === waiter && crowd.count === 200);
  const [ours, waitOn] = [of200(ourName), of200('wait-on')];
  if (ours === undefined || waitOn === undefined) return [];
  const figures = { ours: ours.cpuMsPerSecond, baseline: waitOn.cpuMsPerSecond };
  return [
    {
      ...{ measure: 'processor, 200 at once, beside wait-on', unit: 'ms/s', ...figures },
      target: { of: 'ratio', atMost: 0.25 },
    },
  ];
}

function falseReady(traps: readonly TrapResult[], waiter: string): number {
  return traps.filter((result) => result.waiter === waiter && result.verdict === 'FALSE READY').length;
}

function notesOf(trials: readonly Trial[], crowds: readonly Crowd[], traps: readonly TrapResult[]): readonly string[] {
  const names = [...new Set(trials.map((trial) => trial.waiter))].sort();
  const modes = ['prints', 'silent'] as const;
  const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
  const late = names.flatMap((name) =>
    modes.map((mode) => {
      const { medianMs, p95Ms, maxMs } = latencyOf(trials, name, mode);
      const cpu = cpuPerStart(trials, name, mode).toFixed(1);
      return `${name}, ${mode}: median ${ms(medianMs)} / p95 ${ms(p95Ms)} / max ${ms(maxMs)} ms, ${cpu} ms of a processor for a start`;
    }),
  );
  const many = crowds.map(({ waiter, count, latenciesMs, cpuMsPerSecond }) => {
    const [median, p95] = [0.5, 0.95].map((share) => percentile(latenciesMs, share));
    return `${count} at once, ${waiter}: median ${ms(median ?? 0)} / p95 ${ms(p95 ?? 0)} ms, ${cpuMsPerSecond.toFixed(1)} ms/s`;
  });
  const trapped = [...new Set(traps.map(({ trap }) => trap))].map((trap) => {
    const told = traps.filter((result) => result.trap === trap).map(({ waiter, verdict }) => `${waiter} ${verdict}`);
    return `trap "${trap}": ${told.join(', ')}`;
  });
  return [`${trials.length / names.length} trials of each waiter.`, ...late, ...many, ...trapped];
}

async function draw(
  trials: readonly Trial[],
  names: readonly string[],
  { results, print }: BenchContext,
): Promise<void> {
  const rows = names.map((name): PlotRow => ({
    name,
    prints: latencyOf(trials, name, 'prints'),
    silent: latencyOf(trials, name, 'silent'),
  }));
  const picture = join(results, 'readiness.png');
  await renderPng(plotSvg(rows, 'How late a ready server is noticed'), picture);
  copyFileSync(picture, join(repositoryRoot, 'media', 'readme', 'readiness.png'));
  print(`  ${picture}`);
}
