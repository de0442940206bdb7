/** Connections that nobody uses, as any machine in use has them: the kernel's table is dearest to read when it is empty. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export async function openIdleConnections(count: number): Promise<{ close(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (let opened = 0; opened < count; opened++) {
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    sockets.push(client);
  }
  return {
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
