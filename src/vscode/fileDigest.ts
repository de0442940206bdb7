import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Digest of a regular file's content; undefined when there is none that can be read. Never waits for a pipe. */
export async function fileDigest(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    // Missing or not readable: the broker will not read it either.
    return undefined;
  }
}
