import { lstat, mkdir } from 'node:fs/promises';
import { errorMessage } from '../../base/errors';
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
    throw new PrivateDirError(`The folder ${dir} cannot be made: ${errorMessage(error)}`, { cause: error });
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
