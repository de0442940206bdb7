import type { BackendKey } from '../model/backendDefinition';
import type { HoldView } from '../model/snapshot';
import type { SocketTable } from '../platform/net/socketTable';
import type { PortTraffic } from '../platform/net/types';

/** A running backend to look at. */
export interface ObservedBackend {
  readonly key: BackendKey;
  readonly ports: readonly number[];
  /** Its processes; asked only when somebody on this machine is connected to it. */
  readonly pids: () => Promise<readonly number[]>;
}

export interface ConnectionActivity {
  readonly established: number;
  /** Set while a connection is open: a lease. */
  readonly hold?: HoldView;
  /** Time since the last sign of use in ms; undefined: none was seen. */
  readonly lastActivityAgoMs?: number;
}

/** Use seen in the connection table of the kernel, for all backends in one read. */
export class ConnectionSensor {
  private readonly openBefore = new Set<BackendKey>();

  constructor(private readonly table: SocketTable) {}

  /** What this sensor sees on this machine, in words for a tooltip. */
  get observed(): string {
    return this.table.trafficBlindness ?? 'open and recently closed connections';
  }

  /** One entry per backend; undefined when the table cannot be read, which must not be taken for silence. */
  async sample(backends: readonly ObservedBackend[]): Promise<ReadonlyMap<BackendKey, ConnectionActivity> | undefined> {
    const queries = backends.flatMap(({ ports, pids }) => ports.map((port) => ({ port, ownPids: pids })));
    const traffic = await this.table.readTraffic(queries);
    if (!traffic) return undefined;
    const activity = new Map(backends.map((backend) => [backend.key, this.activityOf(backend, traffic)]));
    for (const [key, seen] of activity) {
      if (seen.established > 0) this.openBefore.add(key);
      else this.openBefore.delete(key);
    }
    return activity;
  }

  /** A stopped backend starts from nothing next time. */
  forget(key: BackendKey): void {
    this.openBefore.delete(key);
  }

  private activityOf(backend: ObservedBackend, traffic: ReadonlyMap<number, PortTraffic>): ConnectionActivity {
    const seen = backend.ports.map((port) => traffic.get(port) ?? { established: 0 });
    const established = seen.reduce((sum, port) => sum + port.established, 0);
    if (established > 0) return { established, hold: connectionHold(established), lastActivityAgoMs: 0 };
    const closed = seen.flatMap((port) => (port.lastClosedAgoMs === undefined ? [] : [port.lastClosedAgoMs]));
    if (closed.length > 0) return { established, lastActivityAgoMs: Math.min(...closed) };
    // A reset connection leaves no row: its end is not older than this look.
    return this.openBefore.has(backend.key) ? { established, lastActivityAgoMs: 0 } : { established };
  }
}

function connectionHold(count: number): HoldView {
  return { kind: 'connection', reason: count === 1 ? '1 open connection' : `${count} open connections` };
}
