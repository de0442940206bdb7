import { randomBytes } from 'node:crypto';
import * as net from 'node:net';
import * as path from 'node:path';

/** A fresh address for a broker to listen on: a unix socket in the private directory, or a named pipe. */
export function newSocketPath(socketDirectory: string, windows: boolean): string {
  const unique = randomBytes(6).toString('hex');
  return windows ? `\\\\.\\pipe\\local-backends-${unique}` : path.join(socketDirectory, `${unique}.sock`);
}

/** Connects; rejects with the system error. */
export function connectTo(socketPath: string): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/**
 * Whether somebody accepts there. A suspended broker still accepts (the kernel does it), so nobody takes
 * its place while its machine sleeps.
 */
export async function canConnect(socketPath: string): Promise<boolean> {
  try {
    const socket = await connectTo(socketPath);
    socket.destroy();
    return true;
  } catch {
    return false;
  }
}
