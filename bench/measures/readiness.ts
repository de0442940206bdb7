import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerHarness } from '../../test/support/brokerHarness';
import type { TestWindow } from '../../test/support/testWindow';
import { allocatePort, isPortFree } from '../../src/platform/net/freePort';
import { ourCrowd, peerCrowd, type Crowd } from '../readiness/crowd';
import { openIdleConnections } from '../readiness/idleConnections';
import { installPeers, peers, type Waiter } from '../readiness/peers';
import { plotSvg, renderPng, type PlotRow } from '../readiness/plot';
import { compare, latencyOf, notesOf } from '../readiness/report';
import { runServers } from '../readiness/servers';
import { runTraps } from '../readiness/traps';
import { againName, buildTarget, ourName, ourTrial, peerTrial, type Plan, type Trial } from '../readiness/trial';
import type { Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';
import { repositoryRoot } from '../../test/support/repositoryRoot';

/** Start-ups of so many ms, and how many trials of each for one sample of the command line. */
const classes = [
  { fromMs: 50, toMs: 400, share: 1 },
  { fromMs: 500, toMs: 3_000, share: 1 },
  { fromMs: 3_000, toMs: 8_000, share: 0.25 },
] as const;
/** A run with fewer samples than this is a short one, without two hundred at once. */
const manySamples = 2;
/** Real servers take seconds each: with more samples they are not started more often than this. */
const mostServerRounds = 4;
const idleConnections = 20;
const crowdPeers: readonly string[] = ['wait-on', 'Playwright webServer', 'every 50 ms', 'bare schedule'];
const serverPeers: readonly string[] = [...crowdPeers, 'testcontainers port'];

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
  const idle = await openIdleConnections(idleConnections);
  try {
    const window = harness.window();
    // A first start brings the broker up.
    await window.declare({ first: { command: ['sleep', '60'], ready: 'none' } });
    await window.start('first');
    await window.stop('first');
    const { samples, scratch, results, print } = context;
    const place = { scratch, print, harness, window, program: buildTarget(scratch) };
    const trials = await runTrials(waiters, place, samples);
    writeFileSync(join(results, 'readiness-trials.json'), JSON.stringify(trials));
    const crowds = await runCrowds(waiters, place, samples < manySamples ? [1, 50] : [1, 50, 200]);
    print('  real servers …');
    const some = waiters.filter(({ name }) => serverPeers.includes(name));
    const servers = await runServers(some, window, scratch, Math.min(samples, mostServerRounds), freePorts);
    print('  traps …');
    const traps = await runTraps(waiters, window, scratch, freePorts);
    const findings = { trials, crowds, servers, traps };
    writeFileSync(join(results, 'readiness.json'), JSON.stringify(findings, undefined, 1));
    await draw(trials, [ourName, ...waiters.map(({ name }) => name)], context);
    return { comparisons: compare(findings), notes: notesOf(findings) };
  } finally {
    idle.close();
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
    const [port = 0] = await freePorts(1);
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
  const at = { program: place.program, scratch: place.scratch };
  for (const count of counts) {
    place.print(`  ${count} at once …`);
    for (const waiter of waiters.filter(({ name }) => crowdPeers.includes(name)))
      crowds.push(await peerCrowd(waiter, count, { ...at, ports: await freePorts(count) }));
    crowds.push(await ourCrowd(place.window, broker, count, { ...at, ports: await freePorts(count) }));
  }
  return crowds;
}

/** Each with the next one free too: one of the traps takes that. */
async function freePorts(count: number): Promise<readonly number[]> {
  const taken = new Set<number>();
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await allocatePort((candidate) => isPortFree(candidate), taken);
    if (port === undefined) throw new Error('no port is free');
    const isLone = taken.has(port + 1) || !(await isPortFree(port + 1));
    taken.add(port).add(port + 1);
    if (!isLone) ports.push(port);
  }
  return ports;
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
