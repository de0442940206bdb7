import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { portsWithLocalClients, trafficFilter, trafficOf } from './portTraffic';
import { allPids, socketInodesOf } from './procFds';
import { scanRows, tcpState, type SocketRow } from './procNetTcp';
import type { SocketTable, TrafficQuery } from './socketTable';
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
    const texts = await this.readTables((file) => this.readListeningPart(file));
    const isListening = (state: number): boolean => state === tcpState.listen;
    const isOther = (state: number): boolean => state !== tcpState.listen;
    return texts?.flatMap((text) => scanRows(text, isListening, isOther)).map(toListener);
  }

  async ownedBy(pids: readonly number[]): Promise<(listener: Listener) => boolean> {
    const inodes = await this.inodesOf(pids);
    return (listener) => inodes.has(listener.inode);
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

  /**
   * Reads until the first row that does not listen: those rows come first, and the kernel spends 2 ms on
   * walking all the others. It walks on only until a read is filled, so reads are short.
   */
  private async readListeningPart(file: string): Promise<string> {
    const handle = await open(file, 'r');
    try {
      let text = '';
      const buffer = Buffer.alloc(1024);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
        text += buffer.toString('latin1', 0, bytesRead);
        if (bytesRead === 0) return text;
        const lastRow = text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
        if (/^ *\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} (?!0A)[0-9A-F]{2} /.test(lastRow)) return text;
      }
    } finally {
      await handle.close();
    }
  }
}

function toListener(row: SocketRow): Listener {
  return { port: row.localPort, address: row.localAddress, inode: row.inode };
}
