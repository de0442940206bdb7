/** Somebody else on the port, who answers every request as if he were the server. */
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

export interface Stranger {
  close(): void;
}

export async function openStranger(port: number, host: string): Promise<Stranger> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'));
  });
  server.listen({ port, host, ipv6Only: host === '::1' });
  await once(server, 'listening');
  return server;
}

const portRange = '/proc/sys/net/ipv4/ip_local_port_range';
const usualRange = '32768 60999';

/** Whether this process has a network for itself, so that its settings are nobody else's. */
export function hasOwnNetwork(): boolean {
  return existsSync(portRange) && Object.values(networkInterfaces()).every((all) => all?.every((one) => one.internal));
}

/**
 * While it runs every connection is given this port as its own, as long as nobody has it: one to a closed port of this number
 * meets itself. The next port is there for those who come when somebody listens.
 */
export async function whileAllConnectFrom<T>(port: number, run: () => Promise<T>): Promise<T> {
  writeFileSync(portRange, `${port} ${port + 1}`);
  try {
    return await run();
  } finally {
    writeFileSync(portRange, usualRange);
  }
}
