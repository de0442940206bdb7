import { closeSync, openSync, readSync } from 'node:fs';
import type { Disposable } from '../../base/lifecycle';

const sources = [
  { name: 'sockstat', words: 'TCP: inuse ' },
  { name: 'sockstat6', words: 'TCP6: inuse ' },
] as const;
const zero = 48;

/** A number that changes when a TCP socket starts or stops to listen; it also does with other sockets. */
export interface SocketCount extends Disposable {
  /** Undefined where the system keeps no such count. Takes microseconds. */
  read(): string | undefined;
}

/** Linux: the sockets in use of both families, which the kernel keeps counted. */
export function openSocketCount(procRoot = '/proc'): SocketCount {
  const files = sources.map(({ name, words }) => ({ words, fd: openForReading(`${procRoot}/net/${name}`) }));
  const buffer = Buffer.allocUnsafe(512);
  return {
    read: () => {
      const [v4, v6] = files.map(({ fd, words }) => (fd === undefined ? undefined : inUse(fd, words, buffer)));
      return v4 === undefined ? undefined : `${v4} ${v6 ?? ''}`;
    },
    dispose: () => {
      for (const { fd } of files.splice(0)) if (fd !== undefined) closeSync(fd);
    },
  };
}

function openForReading(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

/** The number after the words. Taken apart in place: this is done many times a second while something starts. */
function inUse(fd: number, words: string, buffer: Buffer): number | undefined {
  try {
    const end = readSync(fd, buffer, 0, buffer.length, 0);
    let at = buffer.indexOf(words, 0, 'latin1') + words.length;
    if (at < words.length || at >= end) return undefined;
    let count = 0;
    for (let digit = (buffer[at] ?? 0) - zero; digit >= 0 && digit <= 9; digit = (buffer[++at] ?? 0) - zero)
      count = count * 10 + digit;
    return count;
  } catch {
    return undefined;
  }
}
