/** Looks at a soak from outside, and never asks the product about processes. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { processFacts } from '../../test/support/processFacts';

export interface Seen {
  readonly pid: number;
  /** Of the backend it belongs to, with `:child` for a child of it. */
  readonly name: string;
}

/** Living processes of backends among these pids. */
export function backendsAmong(pids: readonly number[]): Seen[] {
  return pids.flatMap((pid) => {
    const words = read(`/proc/${pid}/cmdline`).split('\0');
    const at = words.findIndex((word) => word.endsWith('soakServer.mjs'));
    const isProgram = at === 1 && processFacts(pid)?.zombie === false;
    return isProgram ? [{ pid, name: words[2] ?? '' }] : [];
  });
}

/** Names of which two processes live at the same time. */
export function duplicates(seen: readonly Seen[]): string[] {
  const names = seen.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Windows that start one at the same time leave one of them. */
export function livingBroker({ brokerPids }: { readonly brokerPids: readonly number[] }): number {
  return brokerPids.findLast((pid) => processFacts(pid)?.zombie === false) ?? 0;
}

export interface Use {
  readonly rssMb: number;
  readonly fds: number;
}

/** Undefined when it is gone. */
export function useOf(pid: number): Use | undefined {
  try {
    const rss = Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]) / 1024;
    return Number.isNaN(rss) ? undefined : { rssMb: rss, fds: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

/** Children that nobody has buried. */
export function zombiesOf(pid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((child) => {
      const facts = child > 0 ? processFacts(child) : undefined;
      return facts?.zombie === true && facts.parent === pid;
    });
}

/** Files that are larger than they may be. */
export function tooLarge(folder: string, limitBytes: number): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => sizeOf(file) > limitBytes);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
