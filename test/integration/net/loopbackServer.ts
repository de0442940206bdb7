import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface LoopbackServer {
  readonly port: number;
  readonly connections: number;
  close(): Promise<void>;
}

/** A raw server for one test; at its end every connection is reset, so that no row is left in the table. */
export async function serve(
  onConnection: (socket: Socket) => void,
  options: { readonly host?: string; readonly port?: number } = {},
): Promise<LoopbackServer> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  return track(server, options);
}

/** Lets any server listen on loopback and closes it together with its connections. */
export async function track(
  server: Server,
  options: { readonly host?: string; readonly port?: number } = {},
): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.resetAndDestroy();
      }),
  };
}

/** A port on which nobody listens at this moment. */
export async function closedPort(): Promise<number> {
  const server = await serve(() => {});
  await server.close();
  return server.port;
}
