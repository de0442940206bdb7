import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** USER_HZ is a hundred on every Linux that programs see. */
const tickMs = 10;

/** Processor time so far, ended children not included; the kernel derives it from exact run times. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Percent of one core each process used over the same time, by the names given. */
export async function cpuPercentOver<Name extends string>(
  durationMs: number,
  pids: Readonly<Record<Name, number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(pids) as Name[];
  const read = (): number[] => names.map((name) => cpuMsOf(pids[name]));
  const before = read();
  const beganMs = performance.now();
  await sleep(durationMs);
  const after = read();
  const lastedMs = performance.now() - beganMs;
  const percents = names.map((name, index) => [name, (((after[index] ?? 0) - (before[index] ?? 0)) / lastedMs) * 100]);
  return Object.fromEntries(percents) as Record<Name, number>;
}

export interface MemoryUse {
  /** Everything mapped and present, shared program text included. */
  readonly rssMb: number;
  /** The same with shared pages divided among those who share them. */
  readonly pssMb: number;
}

export function memoryOf(pid: number): MemoryUse {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1]) / 1024;
  return { rssMb: megabytes('Rss'), pssMb: megabytes('Pss') };
}
