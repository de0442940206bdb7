import { readdirSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

const linksPerTurn = 256;

/**
 * Inodes of the sockets a process holds; empty when it is gone or not ours to look at. Reading a link
 * takes 2 µs, asking the thread pool to do it ten times that, so links are read in short runs in place.
 */
export async function socketInodesOf(pid: number, procRoot = '/proc'): Promise<ReadonlySet<number>> {
  const inodes = new Set<number>();
  const folder = join(procRoot, String(pid), 'fd');
  const names = await readdir(folder).catch(() => []);
  for (const [index, name] of names.entries()) {
    if (index > 0 && index % linksPerTurn === 0) await nextTurn();
    const inode = socketInode(join(folder, name));
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

/** Beyond this many links a look in one turn would hold up everything else. */
const mostLinks = 2_000;

/** Whether one of the processes holds one of these sockets; no also when that is too much to look at. */
export function holdsSocket(pids: readonly number[], inodes: ReadonlySet<number>, procRoot = '/proc'): boolean {
  let left = mostLinks;
  for (const pid of pids) {
    const folder = join(procRoot, String(pid), 'fd');
    for (const name of namesIn(folder)) {
      if (left-- === 0) return false;
      const inode = socketInode(join(folder, name));
      if (inode !== undefined && inodes.has(inode)) return true;
    }
  }
  return false;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const socketPrefix = 'socket:[';

function socketInode(link: string): number | undefined {
  try {
    const target = readlinkSync(link);
    // `socket:[12345]`, taken apart by hand: a first use of an expression takes longer than all the rest.
    return target.startsWith(socketPrefix) ? Number(target.slice(socketPrefix.length, -1)) : undefined;
  } catch {
    // Closed between the listing and the look.
    return undefined;
  }
}

/** Pids of every process that can be seen. */
export async function allPids(procRoot = '/proc'): Promise<readonly number[]> {
  const names = await readdir(procRoot).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}
