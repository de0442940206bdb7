import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { waitUntil } from './waitUntil';

/** Knows nothing of the product's own view of processes: it is the judge of it. */
interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly zombie: boolean;
  readonly command: string;
}

function allProcesses(): Seen[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const status = readOrEmpty(`/proc/${name}/status`);
      const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1];
      if (parent === undefined) return [];
      const command = readOrEmpty(`/proc/${name}/cmdline`).replaceAll('\0', ' ').slice(0, 200);
      return [{ pid: Number(name), parent: Number(parent), zombie: /^State:\s+[ZX]/m.test(status), command }];
    });
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** The living processes whose environment holds the text. */
export function processesWith(text: string): string[] {
  return allProcesses()
    .filter((seen) => !seen.zombie && seen.pid !== process.pid)
    .filter((seen) => readOrEmpty(`/proc/${seen.pid}/environ`).includes(text))
    .map((seen) => `${seen.pid} ${seen.command}`);
}

/** No living process has the marker in its environment: neither a member of the run nor its log pump. */
export async function assertNoProcessWithMarker(marker: string, withinMs = 2_000): Promise<void> {
  await waitUntil('no process with the marker', () => processesWith(marker).length === 0, withinMs).catch(() => {});
  assert.deepEqual(processesWith(marker), []);
}

/** The living descendants of this process. */
export function childProcesses(): string[] {
  const all = allProcesses();
  const found: Seen[] = [];
  const open = [process.pid];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const children = all.filter((seen) => seen.parent === pid);
    found.push(...children);
    open.push(...children.map((child) => child.pid));
  }
  return found.filter((seen) => !seen.zombie).map((seen) => `${seen.pid} ${seen.command}`);
}

/** This process has no living descendants but those of `before`. */
export async function assertNoNewChildren(before: readonly string[], withinMs = 2_000): Promise<void> {
  const added = (): string[] => childProcesses().filter((child) => !before.includes(child));
  await waitUntil('no child process left', () => added().length === 0, withinMs).catch(() => {});
  assert.deepEqual(added(), [], 'processes left behind');
}

/** Holds every test of the surrounding suite to the child processes there were before it. */
export function useLeakCheck(withinMs?: number): void {
  let before: readonly string[] = [];
  beforeEach(() => {
    before = childProcesses();
  });
  afterEach(() => assertNoNewChildren(before, withinMs));
}
