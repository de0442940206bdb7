import { connect, type Socket } from 'node:net';

/** Connects; rejects with the system error. */
export function connectTo(socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
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
