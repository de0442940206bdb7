import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../repositoryRoot';

/** Everything that is fetched lives here: outside node_modules, so that `npm ci` keeps it. */
export const cacheRoot = join(repositoryRoot, '.vscode-test');

const lockPollMs = 500;

/**
 * A folder of the cache that is either complete or absent: `fill` works in a temporary one, renamed at its end.
 * An interrupted fill is thrown away by the next; of two at the same time one waits for the other.
 */
export async function cachedFolder(
  name: string,
  print: (line: string) => void,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const target = join(cacheRoot, name);
  if (existsSync(target)) return target;
  mkdirSync(cacheRoot, { recursive: true });
  const unlock = await takeLock(join(cacheRoot, `.lock-${name}`), print);
  try {
    if (existsSync(target)) return target;
    removeInterrupted(name);
    const temporary = join(cacheRoot, `${temporaryPrefix(name)}${process.pid}`);
    mkdirSync(temporary);
    await fill(temporary);
    renameSync(temporary, target);
    return target;
  } finally {
    unlock();
  }
}

function temporaryPrefix(name: string): string {
  return `.partial-${name}-`;
}

function removeInterrupted(name: string): void {
  for (const entry of readdirSync(cacheRoot)) {
    if (entry.startsWith(temporaryPrefix(name))) rmSync(join(cacheRoot, entry), { recursive: true, force: true });
  }
}

/** The lock is a file with its holder's pid; one whose holder is dead is taken over. */
async function takeLock(path: string, print: (line: string) => void): Promise<() => void> {
  let told = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch {
      if (!holderLives(path)) {
        rmSync(path, { force: true });
        continue;
      }
    }
    if (!told) print('  waiting for another process that is fetching the same …');
    told = true;
    await sleep(lockPollMs);
  }
}

function holderLives(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    // Empty for the instant between creation and writing; that holder lives.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
