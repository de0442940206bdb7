import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type ListenOptions } from 'node:net';
import { errorCode } from '../../base/errors';
import type { SocketTable } from './socketTable';

/** First and last port, inclusive. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Below the range from which kernels take the ports of outgoing connections, above the well-known ones. */
export const managedPorts: PortRange = { first: 20_000, last: 32_767 };

/**
 * Whether a server could listen on the port now, on loopback or on all addresses. A port that we lack the
 * right to bind (below 1024) is free as far as this can tell.
 */
export async function isPortFree(port: number, table?: SocketTable): Promise<boolean> {
  const listeners = await table?.readListeners();
  if (listeners?.some((listener) => listener.port === port)) return false;
  // Wildcards are tried only where no firewall asks the person about it.
  const wildcards: ListenOptions[] =
    table?.trafficBlindness === undefined ? [{ host: '0.0.0.0' }, { host: '::', ipv6Only: true }] : [];
  for (const options of [{ host: '127.0.0.1' }, { host: '::1' }, ...wildcards]) {
    if (!(await canListen({ ...options, port }))) return false;
  }
  return true;
}

/** A random free port for a backend that asked for `"auto"`; undefined when none was found. */
export async function allocatePort(
  isFree: (port: number) => Promise<boolean>,
  taken: ReadonlySet<number> = new Set(),
  range: PortRange = managedPorts,
): Promise<number | undefined> {
  const count = range.last - range.first + 1;
  const start = randomInt(count);
  for (let step = 0; step < count; step++) {
    const port = range.first + ((start + step) % count);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  return undefined;
}

/** {@link managedPorts}, cut so that it ends below this machine's ephemeral range where that leaves room. */
export async function portRangeOfThisMachine(file = '/proc/sys/net/ipv4/ip_local_port_range'): Promise<PortRange> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const firstEphemeral = Number.parseInt(text, 10);
  const last = Math.min(managedPorts.last, firstEphemeral - 1);
  return last - managedPorts.first >= 1000 ? { first: managedPorts.first, last } : managedPorts;
}

function canListen(options: ListenOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('connection', (socket) => socket.resetAndDestroy());
    server.on('error', (error) => resolve(errorCode(error) !== 'EADDRINUSE'));
    server.listen({ ...options, exclusive: true, backlog: 1 }, () => server.close(() => resolve(true)));
  });
}
