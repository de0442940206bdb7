import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ClientListener {
  /** Accepts nobody from now on; connections that are open are ended by their sessions. */
  close(): void;
}

/** Listens on a unix socket, closed to other users, or (where `isFile` is false) on a named pipe. */
export function listenForClients(
  socketPath: string,
  isFile: boolean,
  accept: (stream: Duplex) => void,
): Promise<ClientListener> {
  const server = createServer(accept);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      server.off('error', reject);
      if (isFile) chmodSync(socketPath, 0o600);
      resolve({
        close: () => {
          server.close();
          if (isFile) rmSync(socketPath, { force: true });
        },
      });
    });
  });
}
