import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answeringListeners } from './answeringListeners';
import { readListeningPart, readListeningPartNow } from './listeningPart';
import { portsWithLocalClients, trafficFilter, trafficOf } from './portTraffic';
import { allPids, holdsSocket, socketInodesOf } from './procFds';
import { listeningPorts, scanRows, tcpState, type SocketRow } from './procNetTcp';
import { ownsNone, type IpFamily, type SocketTable, type TrafficQuery } from './socketTable';
import type { Listener, PortTraffic } from './types';

/** Linux: `/proc`, without any privilege. */
export class ProcSocketTable implements SocketTable {
  readonly trafficBlindness = undefined;

  /** `ownPid` is the process that probes: its connections are never use. */
  constructor(
    private readonly ownPid: number,
    private readonly procRoot = '/proc',
  ) {}

  async readListeners(): Promise<readonly Listener[] | undefined> {
    const texts = await this.readTables(readListeningPart);
    return texts?.flatMap((text) => listenersIn(text));
  }

  listeningPortsNow(family: IpFamily): ReadonlySet<number> | undefined {
    const text = readListeningPartNow(join(this.procRoot, 'net', family === 'v4' ? 'tcp' : 'tcp6'));
    return text === '' ? undefined : new Set(listeningPorts(text));
  }

  ownsNow(port: number, address: string, pids: readonly number[]): boolean {
    if (pids.length === 0) return false;
    // A wildcard of IPv6 usually takes IPv4 too, but only what IPv4 itself has no listener for.
    for (const name of address.includes(':') ? ['tcp6'] : ['tcp', 'tcp6']) {
      const listeners = listenersIn(readListeningPartNow(join(this.procRoot, 'net', name)), port);
      const answering = answeringListeners(listeners, port, address);
      if (answering.length === 0) continue;
      return holdsSocket(pids, new Set(answering.map((listener) => listener.inode)), this.procRoot);
    }
    return false;
  }

  async ownedBy(pids: readonly number[]): Promise<(listener: Listener) => boolean> {
    const inodes = await this.inodesOf(pids);
    return inodes.size === 0 ? ownsNone : (listener) => inodes.has(listener.inode);
  }

  async ownersOf(listeners: readonly Listener[]): Promise<readonly number[]> {
    const wanted = new Set(listeners.map((listener) => listener.inode));
    if (wanted.size === 0) return [];
    const owners: number[] = [];
    for (const pid of await allPids(this.procRoot)) {
      const inodes = await socketInodesOf(pid, this.procRoot);
      if ([...wanted].some((inode) => inodes.has(inode))) owners.push(pid);
    }
    return owners;
  }

  async clientPid(clientPort: number, serverPort: number): Promise<number | undefined> {
    const texts = await this.readTables((file) => readFile(file, 'latin1'));
    const ends = (_state: number, local: number, remote: number): boolean =>
      local === clientPort && remote === serverPort;
    const [row] = (texts ?? []).flatMap((text) => scanRows(text, ends)).filter(({ inode }) => inode !== 0);
    if (row === undefined) return undefined;
    for (const pid of await allPids(this.procRoot)) {
      if ((await socketInodesOf(pid, this.procRoot)).has(row.inode)) return pid;
    }
    return undefined;
  }

  async readTraffic(queries: readonly TrafficQuery[]): Promise<ReadonlyMap<number, PortTraffic> | undefined> {
    const ports = new Set(queries.map((query) => query.port));
    if (ports.size === 0) return new Map();
    const texts = await this.readTables((file) => readFile(file, 'latin1'));
    if (!texts) return undefined;
    const filter = trafficFilter(ports);
    const rows = texts.flatMap((text) => scanRows(text, filter));
    return trafficOf(rows, ports, await this.ownInodesByPort(rows, queries, ports));
  }

  private async ownInodesByPort(
    rows: readonly SocketRow[],
    queries: readonly TrafficQuery[],
    ports: ReadonlySet<number>,
  ): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
    const byPort = new Map<number, Set<number>>();
    const asked = portsWithLocalClients(rows, ports);
    if (asked.size === 0) return byPort;
    const probing = await socketInodesOf(this.ownPid, this.procRoot);
    for (const query of queries.filter(({ port }) => asked.has(port))) {
      const inodes = byPort.get(query.port) ?? new Set(probing);
      for (const inode of await this.inodesOf(await query.ownPids())) inodes.add(inode);
      byPort.set(query.port, inodes);
    }
    return byPort;
  }

  private async inodesOf(pids: readonly number[]): Promise<ReadonlySet<number>> {
    const sets = await Promise.all(pids.map((pid) => socketInodesOf(pid, this.procRoot)));
    return new Set(sets.flatMap((set) => [...set]));
  }

  /** Both families; a machine without IPv6 has no `tcp6`. Undefined when there is no table at all. */
  private async readTables(read: (file: string) => Promise<string>): Promise<readonly string[] | undefined> {
    const files = ['tcp', 'tcp6'].map((name) => join(this.procRoot, 'net', name));
    const [v4, v6] = await Promise.all(files.map((file) => read(file).catch(() => undefined)));
    return v4 === undefined ? undefined : [v4, v6 ?? ''];
  }
}

/** `onPort`: only those on this port. */
function listenersIn(text: string, onPort?: number): Listener[] {
  const isListening = (state: number, port: number): boolean =>
    state === tcpState.listen && (onPort === undefined || port === onPort);
  const isOther = (state: number): boolean => state !== tcpState.listen;
  return scanRows(text, isListening, isOther).map(toListener);
}

function toListener(row: SocketRow): Listener {
  return { port: row.localPort, address: row.localAddress, inode: row.inode };
}
