import type { BackendKey } from '../model/backendDefinition';
import type { SocketTable } from '../platform/net/socketTable';
import type { Listener } from '../platform/net/types';

export interface ListeningFamily {
  readonly key: BackendKey;
  readonly pids: () => Promise<readonly number[]>;
}

interface Judged {
  /** Listeners that were looked at for this backend, its own and those of others. */
  seen: ReadonlySet<number>;
  own: ReadonlySet<number>;
}

/**
 * Every port a backend listens on, also those that nobody declared: a backend that is used through its second
 * port is in use. Who holds a listener is found out once: while no new one appears, processes are left alone.
 */
export class ListenPorts {
  private readonly judged = new Map<BackendKey, Judged>();
  private readonly ports = new Map<BackendKey, readonly number[]>();

  constructor(private readonly table: SocketTable) {}

  async refresh(families: readonly ListeningFamily[]): Promise<void> {
    // Where traffic cannot be seen its ports are of no use, and listing them is dear.
    if (families.length === 0 || this.table.trafficBlindness !== undefined) return;
    const listeners = await this.table.readListeners();
    if (listeners === undefined) return;
    for (const family of families) await this.judge(family, listeners);
  }

  /** As of the last look, ascending. */
  of(key: BackendKey): readonly number[] {
    return this.ports.get(key) ?? [];
  }

  forget(key: BackendKey): void {
    this.judged.delete(key);
    this.ports.delete(key);
  }

  private async judge({ key, pids }: ListeningFamily, listeners: readonly Listener[]): Promise<void> {
    const before = this.judged.get(key) ?? { seen: new Set<number>(), own: new Set<number>() };
    const fresh = listeners.filter(({ inode }) => !before.seen.has(inode));
    const isOurs = fresh.length === 0 ? undefined : await this.table.ownedBy(await pids());
    const own = listeners.filter((listener) => before.own.has(listener.inode) || isOurs?.(listener));
    this.judged.set(key, {
      seen: new Set(listeners.map(({ inode }) => inode)),
      own: new Set(own.map(({ inode }) => inode)),
    });
    this.ports.set(
      key,
      [...new Set(own.map(({ port }) => port))].sort((a, b) => a - b),
    );
  }
}
