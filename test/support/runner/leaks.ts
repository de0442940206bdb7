import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeGroup } from '../../../src/platform/process/controlGroup';
import { ownControlGroup } from '../../../src/platform/process/ownControlGroup';

/** In the environment of everything a ring starts; whoever still carries it afterwards was left behind. */
export const runMarkerVariable = 'LOCAL_BACKENDS_TEST_RUN';

export interface Leaks {
  readonly processes: readonly ProcessEntry[];
  readonly files: readonly string[];
  /** Control groups that nobody is in. */
  readonly groups: readonly string[];
}

/** A process that was just signalled needs a moment until the kernel has taken it away. */
const settleMs = 3_000;
const lookEveryMs = 50;

/** `before`: control groups that were there already. */
export async function findLeaks(marker: string, tempDir: string, before: readonly string[]): Promise<Leaks> {
  const deadline = performance.now() + settleMs;
  // Of others that run at the same time there may be one that somebody is just about to enter.
  let groups = emptyGroups().filter((group) => !before.includes(group));
  for (;;) {
    const now = emptyGroups();
    groups = groups.filter((group) => now.includes(group));
    const processes = processesWithVariable(`${runMarkerVariable}=${marker}`);
    const leaks = { processes, files: readdirSync(tempDir), groups };
    if (processes.length + leaks.files.length + groups.length === 0) return leaks;
    if (performance.now() >= deadline) return leaks;
    await sleep(lookEveryMs);
  }
}

/** Ends the leftovers one by one, each by its own pid, and removes the files. */
export function endLeaks(leaks: Leaks, tempDir: string): void {
  for (const { pid } of leaks.processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went by itself in the meantime.
    }
  }
  for (const group of leaks.groups) removeGroup(group);
  rmSync(tempDir, { recursive: true, force: true, maxRetries: 5 });
}

/** Control groups of runs, below the one that this process is in, that nobody is in. */
export function emptyGroups(): readonly string[] {
  const own = ownControlGroup();
  if (own === undefined) return [];
  return readdirSync(own)
    .filter((name) => /^local-backends-[0-9a-f]{32}$/.test(name))
    .map((name) => join(own, name))
    .filter(isEmpty);
}

function isEmpty(group: string): boolean {
  try {
    return /^populated 0$/m.test(readFileSync(join(group, 'cgroup.events'), 'latin1'));
  } catch {
    return false;
  }
}

interface ProcessEntry {
  readonly pid: number;
  readonly command: string;
}

/** Processes with `NAME=value` in their environment. Reads /proc; on systems without it none can be told. */
export function processesWithVariable(entry: string): readonly ProcessEntry[] {
  return processIds().flatMap((pid) => {
    const environment = readProc(pid, 'environ');
    if (pid === process.pid || !environment.split('\0').includes(entry)) return [];
    return [{ pid, command: describe(pid) }];
  });
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Empty for a process that is gone, a zombie, or somebody else's. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(join('/proc', String(pid), file), 'utf8');
  } catch {
    return '';
  }
}

function describe(pid: number): string {
  const command = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim().slice(0, 1_000);
  try {
    return `${command} (in ${readlinkSync(`/proc/${pid}/cwd`)})`;
  } catch {
    return command;
  }
}
