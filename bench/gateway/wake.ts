/** A request to a sleeping backend, beside a start of the same program by hand and asking it every 10 ms. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { allocatePort, isPortFree } from '../../src/platform/net/freePort';
import { BrokerHarness } from '../../test/support/brokerHarness';
import { backendSource } from './backend';
import { fetchOnce } from './load';

export interface WakeSample {
  readonly bootMs: number;
  readonly oursMs: number;
  readonly directMs: number;
}

const pollMs = 10;

/** How long the program takes before it listens. */
export const boots: readonly number[] = [0, 300];

export async function measureWake(rounds: number, print: (line: string) => void): Promise<readonly WakeSample[]> {
  const samples: WakeSample[] = [];
  for (const bootMs of boots) {
    const harness = new BrokerHarness();
    try {
      harness.write('server.cjs', backendSource);
      const env = { BOOT: String(bootMs) };
      const api = { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready: { http: '/' }, env };
      await harness.declare({ api });
      const { publicPort = 0 } = await harness.start('api');
      for (let round = 0; round < rounds; round++) {
        const directFirst = round % 2 === 0;
        const early = directFirst ? await directOnce(harness.folder, bootMs) : 0;
        await harness.sleepNow('api');
        const oursMs = await elapsed(() => fetchOnce(publicPort, '/'));
        samples.push({ bootMs, oursMs, directMs: directFirst ? early : await directOnce(harness.folder, bootMs) });
      }
    } finally {
      await harness.dispose();
    }
    print(`  wake: ${rounds} rounds of a program that takes ${bootMs} ms to listen`);
  }
  return samples;
}

async function directOnce(folder: string, bootMs: number): Promise<number> {
  const port = await allocatePort((candidate) => isPortFree(candidate));
  if (port === undefined) throw new Error('no port is free');
  const env = { ...process.env, PORT: String(port), BOOT: String(bootMs) };
  const beganMs = performance.now();
  const child = spawn('node', ['server.cjs'], { cwd: folder, env, stdio: 'ignore' });
  const closed = once(child, 'close');
  try {
    while ((await fetchOnce(port, '/').catch(() => undefined)) === undefined) await sleep(pollMs);
    return performance.now() - beganMs;
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}

async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await run();
  return performance.now() - beganMs;
}
