/**
 * Judges what is left of a scenario without trusting the product: the members of a control group that this process
 * enters before it starts anything, where one can be made (it sees whoever has dropped environment, group and parents),
 * else whoever names the scenario's folder in its environment or its arguments.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { makeControlGroup } from './controlGroup';
import { processFacts } from './processFacts';
import { waitUntil } from './waitUntil';

export interface Oracle {
  readonly kind: 'cgroup' | 'marker';
  /** Living processes of the scenario, as `PID COMMAND`. */
  survivors(): string[];
  /** Control groups that were made for the scenario and are still there. */
  leftGroups(): string[];
  close(): void;
}

export function openOracle(folder: string): Oracle {
  const group = makeControlGroup(`local-backends-test-${process.pid}`);
  if (group === undefined)
    return { kind: 'marker', survivors: () => describe(pidsNaming(folder)), leftGroups: () => [], close: () => {} };
  writeFileSync(group.door, String(process.pid));
  return {
    kind: 'cgroup',
    survivors: () => describe(group.members()),
    leftGroups: () => group.inner(),
    close: () => group.close(),
  };
}

/** Nothing of the scenario is left. */
export async function assertNothingLeft(oracle: Oracle, withinMs: number): Promise<void> {
  const left = (): string[] => [...oracle.survivors(), ...oracle.leftGroups()];
  await waitUntil('nothing left', () => left().length === 0, withinMs).catch(() => {});
  assert.deepEqual(left(), [], `left behind, says the ${oracle.kind}`);
}

/** Whose environment or arguments hold this text. */
export function pidsNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(pid, 'environ').includes(text) || read(pid, 'cmdline').includes(text))
    .map(Number);
}

function describe(pids: readonly number[]): string[] {
  return pids
    .filter((pid) => pid !== process.pid && processFacts(pid)?.zombie === false)
    .map((pid) => `${pid} ${read(String(pid), 'cmdline').replaceAll('\0', ' ').slice(0, 120)}`);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
