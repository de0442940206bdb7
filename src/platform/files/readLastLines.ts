import { open, type FileHandle } from 'node:fs/promises';
import { rotatedName } from './rotatedName';

export interface LastLinesOptions {
  /** Read from the end at most; default 256 KiB. */
  readonly maxBytes?: number;
  /** Longer lines are cut; default 2 000 characters. */
  readonly maxLineLength?: number;
}

const defaultMaxBytes = 256 * 1024;
const defaultMaxLineLength = 2_000;
const blockBytes = 64 * 1024;

/**
 * The last `count` lines of a log, newest last, going on in `<file>.1` where the file was just rotated. Reads from the
 * end, never more than `maxBytes`; bytes that are no UTF-8 become U+FFFD. A file that does not exist has no lines.
 */
export async function readLastLines(file: string, count: number, options: LastLinesOptions = {}): Promise<string[]> {
  const { maxBytes = defaultMaxBytes, maxLineLength = defaultMaxLineLength } = options;
  if (count <= 0) return [];
  let tail: Buffer = Buffer.alloc(0);
  let complete = true;
  for (const path of [file, rotatedName(file)]) {
    const room = maxBytes - tail.length;
    if (room <= 0 || newlines(tail) > count) break;
    const part = await readEnd(path, room, (sofar) => newlines(sofar) + newlines(tail) > count);
    tail = Buffer.concat([part.bytes, tail]);
    complete = part.complete;
  }
  const lines = tail.toString('utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  // The first line was cut by the window; it is only worth showing when there is nothing else.
  if (!complete && lines.length > 1) lines.shift();
  return lines.slice(-count).map((line) => (line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line));
}

interface FileEnd {
  readonly bytes: Buffer;
  /** The bytes begin where the file begins. */
  readonly complete: boolean;
}

async function readEnd(path: string, maxBytes: number, enough: (sofar: Buffer) => boolean): Promise<FileEnd> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch {
    return { bytes: Buffer.alloc(0), complete: true };
  }
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - maxBytes);
    let start = size;
    let bytes: Buffer = Buffer.alloc(0);
    while (start > from && !enough(bytes)) {
      const length = Math.min(blockBytes, start - from);
      start -= length;
      const block = Buffer.alloc(length);
      const { bytesRead } = await handle.read(block, 0, length, start);
      bytes = Buffer.concat([block.subarray(0, bytesRead), bytes]);
    }
    return { bytes, complete: start === 0 };
  } finally {
    await handle.close();
  }
}

function newlines(bytes: Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) found++;
  return found;
}
