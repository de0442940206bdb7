import type { BackendKey } from '../model/backendDefinition';
import type { HoldView } from '../model/snapshot';
import type { SocketTable } from '../platform/net/socketTable';
import type { PortTraffic } from '../platform/net/types';
import { ListenPorts } from './listenPorts';

/** A running backend to look at. */
export interface ObservedBackend {
  readonly key: BackendKey;
  /** Declared ones; whatever else its processes listen on is found out. */
  readonly ports: readonly number[];
  /** A port behind a gateway, which tells of its traffic itself: only what goes round the gateway is looked for. */
  readonly frontedPort?: number;
  /** Its processes; asked only when it listens anew or somebody on this machine is connected to it. */
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
  private readonly listening: ListenPorts;

  constructor(private readonly table: SocketTable) {
    this.listening = new ListenPorts(table);
  }

  /** False on a system that has no table to read: a look that fails is another matter. */
  get isObservable(): boolean {
    return this.table.trafficBlindness === undefined;
  }

  /** What this sensor sees of a backend, in words for a tooltip. */
  observed(backend: Pick<ObservedBackend, 'key' | 'ports' | 'frontedPort'>): string {
    const fronted = backend.frontedPort !== undefined;
    const gateway = fronted ? ['what passes through its gateway'] : [];
    return [...gateway, ...this.observedPorts(this.portsOf(backend), fronted)].join('; ');
  }

  private observedPorts(ports: readonly number[], fronted: boolean): readonly string[] {
    const { trafficBlindness } = this.table;
    if (trafficBlindness !== undefined) return fronted ? [] : [trafficBlindness];
    if (ports.length === 0) return fronted ? [] : ['it has no port whose connections could be seen'];
    const which = ports.length === 1 ? `port ${ports.join('')}` : `ports ${ports.join(', ')}`;
    if (fronted) return [`connections that go round it to ${which}`];
    return [`open and recently closed connections to ${which}, not what they carry`];
  }

  /** One entry per backend; undefined when the table cannot be read, which must not be taken for silence. */
  async sample(backends: readonly ObservedBackend[]): Promise<ReadonlyMap<BackendKey, ConnectionActivity> | undefined> {
    await this.listening.refresh(backends);
    const queries = backends.flatMap((backend) =>
      this.portsOf(backend).map((port) => ({ port, ownPids: backend.pids })),
    );
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
    this.listening.forget(key);
  }

  private portsOf({
    key,
    ports,
    frontedPort,
  }: Pick<ObservedBackend, 'key' | 'ports' | 'frontedPort'>): readonly number[] {
    const fronted = frontedPort === undefined ? [] : [frontedPort];
    return [...new Set([...ports, ...fronted, ...this.listening.of(key)])];
  }

  private activityOf(backend: ObservedBackend, traffic: ReadonlyMap<number, PortTraffic>): ConnectionActivity {
    const ports = this.portsOf(backend);
    const open = ports.filter((port) => (traffic.get(port)?.established ?? 0) > 0);
    const established = open.reduce((sum, port) => sum + (traffic.get(port)?.established ?? 0), 0);
    if (established > 0) {
      const undeclared = open.filter((port) => !backend.ports.includes(port));
      return { established, hold: connectionHold(established, undeclared), lastActivityAgoMs: 0 };
    }
    // The gateway's own connections to the fronted port end too; it tells of them itself.
    const observed = ports.filter((port) => port !== backend.frontedPort);
    const closed = observed.flatMap((port) => traffic.get(port)?.lastClosedAgoMs ?? []);
    if (closed.length > 0) return { established, lastActivityAgoMs: Math.min(...closed) };
    // A reset connection leaves no row: its end is not older than this look.
    return this.openBefore.has(backend.key) ? { established, lastActivityAgoMs: 0 } : { established };
  }
}

/** Ports that nobody declared are named: a person may not know of them. */
function connectionHold(count: number, undeclared: readonly number[]): HoldView {
  const where = undeclared.length === 0 ? '' : ` (port ${undeclared.join(', ')})`;
  return { kind: 'connection', reason: `${count} open ${count === 1 ? 'connection' : 'connections'}${where}` };
}
