/**
 * Reads a table of the kernel until the first row that does not listen: those rows come first, and the kernel spends 2 ms
 * on walking all the others. It walks on only until a read is filled, so the first read is short; where that is filled with
 * listeners there are more of them.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

const firstBytes = 1024;
/** The kernel's buffer takes 4 KiB: a read of this length that comes back short has met the end. */
const moreBytes = 3072;

export async function readListeningPart(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    let text = '';
    const buffer = Buffer.allocUnsafe(moreBytes);
    for (let wanted = firstBytes; ; wanted = moreBytes) {
      const { bytesRead } = await handle.read(buffer, 0, wanted, null);
      text += buffer.toString('latin1', 0, bytesRead);
      if (bytesRead < wanted || endsBeyond(text)) return text;
    }
  } finally {
    await handle.close();
  }
}

/** The same in this turn; empty when there is no such table. */
export function readListeningPartNow(file: string): string {
  let fd: number | undefined;
  let text = '';
  try {
    fd = openSync(file, 'r');
    const buffer = Buffer.allocUnsafe(moreBytes);
    for (let wanted = firstBytes; ; wanted = moreBytes) {
      const got = readSync(fd, buffer, 0, wanted, null);
      text += buffer.toString('latin1', 0, got);
      if (got < wanted || endsBeyond(text)) return text;
    }
  } catch {
    return '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whether the last row read does not listen. */
function endsBeyond(text: string): boolean {
  const lastRow = text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
  return /^ *\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} (?!0A)[0-9A-F]{2} /.test(lastRow);
}
