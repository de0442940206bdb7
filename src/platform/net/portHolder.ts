import { answeringListeners } from './answeringListeners';
import { isPortForwarder } from './portForwarders';
import { ownsNone, type SocketTable } from './socketTable';
import type { Listener, PortHolderFacts } from './types';

/** Reads who a process is; undefined when it is gone or may not be seen. The command has its secrets masked. */
export type ProcessDescriber = (
  pid: number,
) => Promise<{ readonly startTime: string; readonly command: string } | undefined>;

/** Whose answer it is that comes from a port. */
export type PortOwner =
  | { readonly kind: 'ours' }
  | { readonly kind: 'stranger'; readonly holder: PortHolderFacts }
  /** It cannot be told: another network namespace, another user's process, a container engine, no such table here. */
  | { readonly kind: 'unknown' };

/** Names processes behind ports. */
export class PortHolders {
  constructor(
    private readonly table: SocketTable,
    private readonly describe: ProcessDescriber,
  ) {}

  /** Who listens on the port; only the port itself when that cannot be seen. */
  async findHolder(port: number): Promise<PortHolderFacts> {
    const listeners = (await this.table.readListeners()) ?? [];
    return this.holderOf(
      port,
      listeners.filter((listener) => listener.port === port),
    );
  }

  private async holderOf(port: number, listeners: readonly Listener[]): Promise<PortHolderFacts> {
    const [pid] = await this.table.ownersOf(listeners);
    if (pid === undefined) return { port };
    const seen = await this.describe(pid);
    return seen ? { port, pid, startTime: seen.startTime, command: seen.command } : { port, pid };
  }

  /** Whether the listener that answers on `port` (at `address`, when that matters) belongs to `pids`. */
  async verifyOwner(
    port: number,
    pids: readonly number[],
    facts: { readonly address?: string } = {},
  ): Promise<PortOwner> {
    const listeners = await this.table.readListeners();
    const answering = answeringListeners(listeners ?? [], port, facts.address);
    if (answering.length === 0) return { kind: 'unknown' };
    const isOurs = await this.table.ownedBy(pids);
    if (answering.some(isOurs)) return { kind: 'ours' };
    const holder = await this.holderOf(port, answering);
    if (holder.pid === undefined || isPortForwarder(holder.command ?? '')) return { kind: 'unknown' };
    // It may have been handed to one of ours between the two looks.
    return pids.includes(holder.pid) ? { kind: 'ours' } : { kind: 'stranger', holder };
  }

  async listenersOf(pids: readonly number[]): Promise<readonly Listener[]> {
    const isOurs = await this.table.ownedBy(pids);
    return isOurs === ownsNone ? [] : ((await this.table.readListeners()) ?? []).filter(isOurs);
  }

  /** Ports on which these processes listen, ascending: "it listens on 5174 instead of 5173". */
  async listeningPortsOf(pids: readonly number[]): Promise<readonly number[]> {
    const listeners = await this.listenersOf(pids);
    return [...new Set(listeners.map((listener) => listener.port))].sort((a, b) => a - b);
  }
}
