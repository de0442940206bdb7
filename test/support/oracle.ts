/**
 * Judges what is left of a scenario without trusting the product: the members of a control group that this process
 * enters before it starts anything, where one can be made (it sees whoever has dropped environment, group and parents),
 * else whoever names the scenario's folder in its environment or its arguments.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processFacts } from './processFacts';
import { waitUntil } from './waitUntil';

export interface Oracle {
  readonly kind: 'cgroup' | 'marker';
  /** Living processes of the scenario, as `PID COMMAND`. */
  survivors(): string[];
  close(): void;
}

/** Hierarchies in which a group may be writable: version 2 beside version 1, version 2 alone, version 1. */
const roots = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup', '/sys/fs/cgroup/pids'];

export function openOracle(folder: string): Oracle {
  for (const root of roots) {
    const group = join(root, `local-backends-test-${process.pid}`);
    try {
      mkdirSync(group);
      writeFileSync(join(group, 'cgroup.procs'), String(process.pid));
      return cgroupOracle(root, group);
    } catch {
      removeGroup(group);
    }
  }
  return { kind: 'marker', survivors: () => describe(pidsNaming(folder)), close: () => {} };
}

/** Nothing of the scenario is left. */
export async function assertNothingLeft(oracle: Oracle, withinMs: number): Promise<void> {
  await waitUntil('nothing left', () => oracle.survivors().length === 0, withinMs).catch(() => {});
  assert.deepEqual(oracle.survivors(), [], `left behind, says the ${oracle.kind}`);
}

function cgroupOracle(root: string, group: string): Oracle {
  const members = (): number[] =>
    readFileSync(join(group, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number);
  return {
    kind: 'cgroup',
    survivors: () => describe(members()),
    close: () => {
      writeFileSync(join(root, 'cgroup.procs'), String(process.pid));
      removeGroup(group);
    },
  };
}

function removeGroup(group: string): void {
  try {
    rmdirSync(group);
  } catch {
    // It was not made, or somebody is still in it: that has been told.
  }
}

function pidsNaming(text: string): number[] {
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
