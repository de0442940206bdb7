/** A backend that prints without a pause, seen from outside: what it does to the broker, to a neighbour and to the disk. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerHarness } from './brokerHarness';
import { get } from './gatewayClients';
import { hostileProgram } from './hostileProgram';
import { httpServerSource } from './sampleServer';

/** Of each line, the end of it included. */
export const floodLineBytes = 97;

export interface FloodSeen {
  readonly elapsedMs: number;
  /** Memory of the broker: before, and the most at any look. */
  readonly restMb: number;
  readonly mostMb: number;
  /** All logs of this broker together, the most at any look. */
  readonly mostDiskBytes: number;
  /** Numbers of the lines that are kept, in the order of the files. */
  readonly kept: readonly number[];
  /** The slowest request to the neighbour, through its gateway. */
  readonly slowestMs: number;
}

/** Lets a backend print so many lines; resolves when the last one is in its log. */
export async function flood(harness: BrokerHarness, lines: number): Promise<FloodSeen> {
  harness.write('server.cjs', httpServerSource);
  const loud = {
    command: hostileProgram('printsForever.mjs', String(lines), 'stay'),
    ready: { log: 'line 0000000001' },
  };
  const calm = { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready: { http: '/' } };
  await harness.declare({ loud, calm });
  const { publicPort = 0 } = await harness.start('calm');
  for (let warmUp = 0; warmUp < 20; warmUp++) await get(publicPort, '/');
  const broker = harness.brokerPid ?? 0;
  const restMb = rssMb(broker);
  const seen = { mostMb: restMb, mostDiskBytes: 0, slowestMs: 0 };
  const beganMs = performance.now();
  await harness.start('loud');
  const log = harness.logFileOf('loud');
  const last = `line ${String(lines).padStart(10, '0')} `;
  while (!endOf(log).includes(last)) {
    const askedMs = performance.now();
    await get(publicPort, '/');
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - askedMs);
    seen.mostMb = Math.max(seen.mostMb, rssMb(broker));
    seen.mostDiskBytes = Math.max(seen.mostDiskBytes, sizeOfAll(join(harness.stateDir, 'logs')));
    if (performance.now() - beganMs > 180_000) throw new Error(`after 180 s the log ends with ${endOf(log)}`);
    await sleep(20);
  }
  return { ...seen, restMb, elapsedMs: performance.now() - beganMs, kept: keptIn(log) };
}

/** No line is missing between the oldest that is kept and the last. */
export function isWithoutHole({ kept }: FloodSeen): boolean {
  return kept.every((number, index) => number === (kept[0] ?? 0) + index);
}

function keptIn(log: string): number[] {
  const files = [`${log}.1`, log].filter((file) => existsSync(file));
  const text = files.map((file) => readFileSync(file, 'latin1')).join('');
  return [...text.matchAll(/^line (\d{10}) x{80}$/gm)].map(([, number]) => Number(number));
}

/** It may be renamed at any moment. */
function endOf(log: string): string {
  try {
    const fd = openSync(log, 'r');
    try {
      const bytes = Buffer.alloc(2 * floodLineBytes);
      const read = readSync(fd, bytes, 0, bytes.length, Math.max(0, fstatSync(fd).size - bytes.length));
      return bytes.toString('latin1', 0, read);
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

function sizeOfAll(folder: string): number {
  const sizes = readdirSync(folder).map((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;
}
