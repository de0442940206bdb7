import { createServer } from 'node:net';
import type { Disposable } from '../../base/lifecycle';

const backlog = 511;

/** A socket that listens, to be handed to another process; our own copy of it is closed with it. */
export interface ListeningSocket extends Disposable {
  readonly fd: number;
}

/**
 * Whoever gets it must be started in the turn in which this resolves, and our copy be closed in that turn too: then nobody
 * who connects can be accepted here. Rejects with the error of the system. POSIX only.
 */
export function openListeningSocket(port: number): Promise<ListeningSocket> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.resetAndDestroy());
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true, backlog }, () => {
      const fd = descriptorOf(server);
      if (fd === undefined) {
        server.close();
        reject(new Error('the socket has no descriptor'));
      } else resolve({ fd, dispose: () => server.close() });
    });
  });
}

/** Node has no public way to it; processes are handed sockets by it all the same. */
function descriptorOf(server: object): number | undefined {
  const handle: unknown = Reflect.get(server, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}
