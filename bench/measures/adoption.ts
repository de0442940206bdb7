import { join } from 'node:path';
import { BrokerHarness, isAlive } from '../../test/support/brokerHarness';
import { hostileProgram } from '../../test/support/hostileProgram';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import { buildExtension } from '../../test/support/runner/buildExtension';
import type { TestWindow } from '../../test/support/testWindow';
import { waitUntil } from '../../test/support/waitUntil';
import type { Comparison, Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';
import { percentile } from '../support/statistics';

const idle = { command: hostileProgram('neverListens.mjs'), ready: 'none' };
const longestMs = 60_000;

/** From SIGKILL for the broker until a window has the same processes from a new one, ready. */
export async function measureAdoption({ samples, print }: BenchContext): Promise<Measured> {
  await buildExtension({ root: repositoryRoot });
  const comparisons: Comparison[] = [];
  const faults: string[] = [];
  for (const count of [1, 3, 20]) {
    print(`  killing the broker of ${count} backends ${samples} times …`);
    const { tookMs, fault } = await killAgainAndAgain(count, samples);
    faults.push(...fault);
    const measure = `taken over by a new broker, ${count} backends`;
    comparisons.push(
      { measure: `${measure}, median`, unit: 'ms', ours: percentile(tookMs, 0.5) },
      {
        measure: `${measure}, slowest of ${samples}`,
        unit: 'ms',
        ours: Math.max(...tookMs),
        target: { of: 'ours', atMost: 2_000 },
      },
    );
  }
  return { comparisons, faults, notes: ['The new broker is the shipped bundle under the Node of the bench.'] };
}

async function killAgainAndAgain(count: number, rounds: number): Promise<{ tookMs: number[]; fault: string[] }> {
  const harness = new BrokerHarness({ reconnectGraceMs: 30_000 }, join(repositoryRoot, 'dist', 'broker.js'));
  const names = Array.from({ length: count }, (_, index) => `idle${index}`);
  const definitions = Object.fromEntries(names.map((name) => [name, idle]));
  const tookMs: number[] = [];
  const fault: string[] = [];
  let window = await newWindow(harness, definitions);
  const started = await Promise.all(names.map((name) => window.start(name)));
  for (let round = 0; round < rounds; round++) {
    const killed = harness.brokerPid ?? 0;
    const { link } = window;
    const killedAtMs = performance.now();
    process.kill(killed, 'SIGKILL');
    const isBack = (): boolean => harness.brokerPid !== killed && link.state === 'connected';
    await waitUntil('a new broker', isBack, longestMs).catch(() => fault.push(`round ${round}: no new broker`));
    const views = await Promise.all(names.map((name) => window.waitFor(name, 'ready')));
    tookMs.push(performance.now() - killedAtMs);
    const lost = views.filter(({ pid }, index) => pid !== started[index]?.pid);
    fault.push(...lost.map(({ name }) => `round ${round}: ${name} is another process`));
    // A window that lost three brokers within a minute waits to be asked.
    const next = await newWindow(harness, definitions);
    link.dispose();
    window = next;
  }
  window.link.dispose();
  for (const pid of harness.brokerPids.filter(isAlive)) process.kill(pid, 'SIGTERM');
  await harness.dispose();
  return { tookMs, fault };
}

async function newWindow(harness: BrokerHarness, definitions: Record<string, object>): Promise<TestWindow> {
  const window = harness.window();
  await window.declare(definitions);
  await window.details('idle0');
  return window;
}
