import { readFile } from 'node:fs/promises';
import type { OsName } from '../os';

/** USER_HZ: a hundred on every Linux that programs see. */
const tickMs = 10;

/** How CPU time is read on this system; undefined where it cannot be. */
export function cpuTimeReader(os: OsName): ((pids: readonly number[]) => Promise<number>) | undefined {
  return os === 'linux' ? cpuTimeMs : undefined;
}

/** CPU time of these processes so far in ms, waited-for children included; processes that are gone count nothing. */
async function cpuTimeMs(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').then(ticksIn, () => 0)));
  return times.reduce((sum, ticks) => sum + ticks, 0) * tickMs;
}

/** utime, stime, cutime and cstime of a stat line; the command before them may hold blanks and brackets. */
export function ticksIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}
