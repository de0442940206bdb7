import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** In the environment of everything a ring starts; whoever still carries it afterwards was left behind. */
export const runMarkerVariable = 'LOCAL_BACKENDS_TEST_RUN';

export interface Leaks {
  readonly processes: readonly ProcessEntry[];
  readonly files: readonly string[];
}

/** A process that was just signalled needs a moment until the kernel has taken it away. */
const settleMs = 3_000;
const lookEveryMs = 50;

export async function findLeaks(marker: string, tempDir: string): Promise<Leaks> {
  const deadline = performance.now() + settleMs;
  for (;;) {
    const leaks = { processes: processesWithVariable(`${runMarkerVariable}=${marker}`), files: readdirSync(tempDir) };
    if (leaks.processes.length === 0 && leaks.files.length === 0) return leaks;
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
  rmSync(tempDir, { recursive: true, force: true, maxRetries: 5 });
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
