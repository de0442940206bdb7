/** One start of a server that listens at a known instant, waited for by ours or by a peer. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestWindow } from '../../test/support/testWindow';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import { waitUntil } from '../../test/support/waitUntil';
import { requests } from '../../src/protocol/messages';
import type { Waiter } from './peers';

export interface Plan {
  readonly mode: 'prints' | 'silent';
  /** From spawn to the instant it answers, in ms. */
  readonly afterMs: number;
}

export interface Trial {
  readonly waiter: string;
  readonly mode: Plan['mode'];
  readonly afterMs: number;
  /** From the instant it answers to the instant the waiter says so, in ms. */
  readonly latencyMs: number;
  /** Processor time of the waiting process while it waited, in ms. */
  readonly cpuMs: number;
  readonly waitedMs: number;
  /** Of ours: looks made. */
  readonly looks?: number;
}

export const ourName = 'Local Backends';
/** The same definition once more: what it remembers of the first start sets the pace. */
export const againName = 'Local Backends, again';

export function buildTarget(scratch: string): string {
  const program = join(scratch, 'target');
  execFileSync('cc', ['-O2', '-o', program, join(repositoryRoot, 'bench', 'readiness', 'target.c')]);
  return program;
}

const nowNs = (): bigint => process.hrtime.bigint();

export async function peerTrial(
  program: string,
  waiter: Waiter,
  plan: Plan,
  port: number,
  stamp: string,
): Promise<Trial> {
  const args = [String(port), String(plan.afterMs), plan.mode, stamp];
  const target = spawn(program, args, { stdio: 'ignore' });
  const exited = once(target, 'exit');
  await once(target, 'spawn');
  const cpu = process.cpuUsage();
  const begunNs = nowNs();
  try {
    await waiter.wait(port, 30_000);
    const seenNs = nowNs();
    const used = process.cpuUsage(cpu);
    return {
      ...{ waiter: waiter.name, mode: plan.mode, afterMs: plan.afterMs, cpuMs: (used.user + used.system) / 1_000 },
      ...{ latencyMs: msBetween(await stampOf(stamp), seenNs), waitedMs: msBetween(begunNs, seenNs) },
    };
  } finally {
    target.kill('SIGKILL');
    await exited;
  }
}

/** As a window sees it: from the wish to start to the answer of the broker. `name` is declared in the window. */
export async function ourTrial(
  window: TestWindow,
  broker: number,
  plan: Plan,
  name: string,
  stamp: string,
  waiter: string,
): Promise<Trial> {
  let cpuMs = cpuOf(broker);
  let begunNs = nowNs();
  // Peers are measured from the spawn on, too.
  const told = window.link.onBackendsChanged(({ changed }) => {
    if (!changed.some((view) => view.name === name && view.pid !== undefined)) return;
    told.dispose();
    cpuMs = cpuOf(broker);
    begunNs = nowNs();
  });
  await window.start(name);
  const seenNs = nowNs();
  const used = cpuOf(broker) - cpuMs;
  told.dispose();
  const { probes } = await window.link.request(requests.details, { key: window.key(name) });
  return {
    ...{ waiter, mode: plan.mode, afterMs: plan.afterMs, cpuMs: used, waitedMs: msBetween(begunNs, seenNs) },
    latencyMs: msBetween(await stampOf(stamp), seenNs),
    looks: probes.reduce((sum, probe) => sum + (probe.times ?? 1), 0),
  };
}

export async function stampOf(file: string): Promise<bigint> {
  const text = await waitUntil('the stamp of the server', () => {
    try {
      const found = readFileSync(file, 'utf8');
      return found.endsWith('\n') ? found : undefined;
    } catch {
      return undefined;
    }
  });
  return BigInt(text.trim());
}

export function msBetween(from: bigint, to: bigint): number {
  return Number(to - from) / 1e6;
}

/** Time on a processor of all threads, from the scheduler's own books. */
export function cpuOf(pid: number): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]);
    } catch {
      // The thread has ended meanwhile.
    }
  }
  return ns / 1e6;
}
