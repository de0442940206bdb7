/** A public port on both loopback addresses. Nothing here ever listens beyond this machine. */
import { createServer, type Server, type Socket } from 'node:net';
import { errorCode } from '../base/errors';
import { toDisposable, type Disposable } from '../base/lifecycle';

const backlog = 1_024;
/** What a machine without IPv6 answers. */
const withoutIPv6: ReadonlySet<string | undefined> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT']);

/** Rejects with the error of the system, EADDRINUSE for a port that is taken. The port is free once disposed. */
export async function listenLoopback(port: number, accept: (client: Socket) => void): Promise<Disposable> {
  const servers: Server[] = [];
  const close = toDisposable(() => servers.forEach((server) => server.close()));
  try {
    servers.push(await listen('127.0.0.1', port, accept));
    const six = await listen('::1', port, accept).catch((error: unknown) => {
      if (withoutIPv6.has(errorCode(error))) return undefined;
      throw error;
    });
    if (six !== undefined) servers.push(six);
    return close;
  } catch (error) {
    close.dispose();
    throw error;
  }
}

function listen(host: string, port: number, accept: (client: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
    server.once('error', reject);
    server.listen({ host, port, exclusive: true, backlog }, () => {
      server.off('error', reject);
      // Of an accept that failed (too many files): the next one may not.
      server.on('error', () => {});
      resolve(server);
    });
  });
}
