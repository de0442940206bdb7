import { lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, errorMessage } from '../../base/errors';
import { osName } from '../os';

/** A directory that others could read, change or have put there. The message tells a person what to do. */
export class PrivateDirError extends Error {
  override readonly name = 'PrivateDirError';
}

/**
 * Makes sure that the directory exists and is ours alone: a real directory, owned by this user, closed to group and
 * others. An existing one is never repaired: who could open it may have put something in. Throws `PrivateDirError`.
 */
export async function ensurePrivateDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const cause = await whyNotMade(dir, error);
    throw new PrivateDirError(`The folder ${dir} cannot be made: ${errorMessage(cause)}`, { cause });
  }
  const found = await lstat(dir);
  if (found.isSymbolicLink())
    throw new PrivateDirError(`${dir} is a symbolic link. Remove it or choose another folder.`);
  if (osName() === 'windows') return;
  if (found.uid !== process.getuid?.()) {
    throw new PrivateDirError(`The folder ${dir} belongs to another user. Remove it or choose another folder.`);
  }
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8);
    throw new PrivateDirError(
      `The folder ${dir} is open to other users (mode ${mode}). Look what is in it, then run: chmod 700 ${dir}`,
    );
  }
}

/** Asked for whole paths, Node says of a read-only place that it does not exist: each folder on the way tells better. */
async function whyNotMade(dir: string, first: unknown): Promise<unknown> {
  let why = first;
  for (let path = dir; errorCode(why) === 'ENOENT' && path !== dirname(path); path = dirname(path)) {
    why = await mkdir(path, { mode: 0o700 }).then(
      () => first,
      (error: unknown) => error,
    );
    if (why === first) return first;
  }
  return why;
}
