import { closeSync, openSync, readSync } from 'node:fs';
import type { Disposable } from '../../base/lifecycle';

/** A number that changes when a TCP socket starts or stops to listen; it also does with other sockets. */
export interface SocketCount extends Disposable {
  /** Undefined where the system keeps no such count. Takes microseconds. */
  read(): string | undefined;
}

/** Linux: the sockets in use of both families, which the kernel keeps counted. */
export function openSocketCount(procRoot = '/proc'): SocketCount {
  const fds = ['sockstat', 'sockstat6'].map((name) => openForReading(`${procRoot}/net/${name}`));
  const buffer = Buffer.allocUnsafe(512);
  return {
    read: () => {
      const [v4, v6] = fds.map((fd) => (fd === undefined ? undefined : inUse(fd, buffer)));
      return v4 === undefined ? undefined : `${v4} ${v6 ?? ''}`;
    },
    dispose: () => {
      for (const fd of fds.splice(0)) if (fd !== undefined) closeSync(fd);
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

function inUse(fd: number, buffer: Buffer): string | undefined {
  try {
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
    return /^TCP6?: inuse (\d+)/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}
