import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const temporaryName = /\.[0-9a-f]{12}\.tmp$/;
/** No write takes so long. */
const unfinishedAfterMs = 60_000;

/**
 * Replaces a file as a whole, readable by its owner only: whoever reads sees the old or the new content, also after
 * a crash in between. The directory must exist.
 */
export async function atomicWrite(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes what writers have left in a directory who were killed in the middle. */
export async function removeUnfinished(directory: string, nowWallMs: number): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!temporaryName.test(name)) continue;
    const file = join(directory, name);
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && nowWallMs - found.mtimeMs > unfinishedAfterMs) await rm(file, { force: true });
  }
}
