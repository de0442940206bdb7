import { createReadStream } from 'node:fs';

/** Small enough that whoever looks through a chunk holds nobody up. */
const chunkBytes = 128 * 1024;

/** A file from its beginning to `end` (bytes), in chunks; nothing where there is no file. */
export async function* readChunks(file: string, end: number): AsyncGenerator<Buffer> {
  if (end <= 0) return;
  const stream = createReadStream(file, { highWaterMark: chunkBytes, end: end - 1 });
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch {
    // Rotated away in the meantime, or not there: what was read so far is what there is.
  } finally {
    stream.destroy();
  }
}
