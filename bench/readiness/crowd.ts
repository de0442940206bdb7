/** Many servers at once: how late each was noticed, and what the waiting cost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestWindow } from '../../test/support/testWindow';
import type { Waiter } from './peers';
import { cpuOf, msBetween, ourName, stampOf, type Plan } from './trial';

export interface Crowd {
  readonly waiter: string;
  readonly count: number;
  readonly latenciesMs: readonly number[];
  /** Processor time of the waiting process, in ms for each second from the first wait to the last answer. */
  readonly cpuMsPerSecond: number;
}

export interface CrowdPlace {
  readonly program: string;
  readonly scratch: string;
  /** One for each member. */
  readonly ports: readonly number[];
}

/** Half of them print; they come up evenly spread over four seconds, when all are spawned. */
function planOf(index: number, count: number): Plan {
  const spreadMs = ((index * 7919) % count) * (4_000 / count);
  return { mode: index % 2 === 0 ? 'prints' : 'silent', afterMs: Math.round(2_000 + count * 15 + spreadMs) };
}

export async function peerCrowd(waiter: Waiter, count: number, place: CrowdPlace): Promise<Crowd> {
  const members = Array.from({ length: count }, (_, index) => {
    const { mode, afterMs } = planOf(index, count);
    const port = place.ports[index] ?? 0;
    const stamp = join(place.scratch, `crowd-${port}.stamp`);
    const child = spawn(place.program, [String(port), String(afterMs), mode, stamp], { stdio: 'ignore' });
    return { port, stamp, child, exited: once(child, 'exit') };
  });
  const cpu = process.cpuUsage();
  const begunMs = performance.now();
  const seen = await Promise.all(
    members.map(async ({ port }) => {
      await waiter.wait(port, 40_000);
      return process.hrtime.bigint();
    }),
  );
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - begunMs) / 1_000;
  const latenciesMs = await Promise.all(
    members.map(async ({ stamp }, index) => msBetween(await stampOf(stamp), seen[index] ?? 0n)),
  );
  for (const { child, exited } of members) {
    child.kill('SIGKILL');
    await exited;
  }
  return { waiter: waiter.name, count, latenciesMs, cpuMsPerSecond: (used.user + used.system) / 1_000 / seconds };
}

/** Measured from the moment on which all are spawned, which for the peers the bench does. */
export async function ourCrowd(window: TestWindow, broker: number, count: number, place: CrowdPlace): Promise<Crowd> {
  const names = Array.from({ length: count }, (_, index) => `crowd${index}`);
  const stamps = place.ports.map((port) => join(place.scratch, `crowd-${port}.stamp`));
  const definitions = names.map((name, index) => {
    const { mode, afterMs } = planOf(index, count);
    const port = place.ports[index] ?? 0;
    const command = [place.program, String(port), String(afterMs), mode, stamps[index]];
    return [name, { command, port, gateway: false, ready: { http: '/' } }] as const;
  });
  await window.declare(Object.fromEntries(definitions));
  const begun = whenAllRun(window, names, broker);
  const starts = names.map(async (name) => {
    await window.start(name);
    return process.hrtime.bigint();
  });
  const seen = await Promise.all(starts);
  const used = cpuOf(broker);
  const { atMs, cpuMs } = await begun;
  const cpuMsPerSecond = (used - cpuMs) / ((performance.now() - atMs) / 1_000);
  const latenciesMs = await Promise.all(
    stamps.map(async (stamp, index) => msBetween(await stampOf(stamp), seen[index] ?? 0n)),
  );
  await Promise.all(names.map((name) => window.stop(name)));
  return { waiter: ourName, count, latenciesMs, cpuMsPerSecond };
}

/** The clock and the processor time of the broker when the last of them has a process. */
function whenAllRun(
  window: TestWindow,
  names: readonly string[],
  broker: number,
): Promise<{ readonly atMs: number; readonly cpuMs: number }> {
  const missing = new Set(names);
  return new Promise((resolve) => {
    const told = window.link.onBackendsChanged(({ changed }) => {
      for (const { name, pid } of changed) if (pid !== undefined) missing.delete(name);
      if (missing.size > 0) return;
      told.dispose();
      resolve({ atMs: performance.now(), cpuMs: cpuOf(broker) });
    });
  });
}
