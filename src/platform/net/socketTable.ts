import type { Listener, PortTraffic } from './types';

export type IpFamily = 'v4' | 'v6';

/** A port to observe, and the processes whose own connections to it are not use. */
export interface TrafficQuery {
  readonly port: number;
  /** Asked only when somebody on this machine is connected: finding a family costs. */
  readonly ownPids: () => Promise<readonly number[]>;
}

/** Of processes without a socket: the tables need not be read. */
export const ownsNone = (): boolean => false;

/** The kernel's table of TCP sockets. Everything answers undefined where it cannot be observed. */
export interface SocketTable {
  /** Why traffic cannot be observed here, in words; undefined: it can. */
  readonly trafficBlindness: string | undefined;
  readListeners(): Promise<readonly Listener[] | undefined>;
  /** Only the ports of one family, in this turn and in less than a millisecond. Absent where it takes a command. */
  listeningPortsNow?(family: IpFamily): ReadonlySet<number> | undefined;
  /**
   * Whether one of these processes certainly is who answers at the address, told in this turn and without asking the
   * thread pool: under load that takes tens of milliseconds. No says nothing. Absent where it takes a command.
   */
  ownsNow?(port: number, address: string, pids: readonly number[]): boolean;
  /** A test for "this listener belongs to one of these processes", good for the present moment; `ownsNone` if they hold no socket. */
  ownedBy(pids: readonly number[]): Promise<(listener: Listener) => boolean>;
  /** Processes that hold these listeners, as far as they may be seen. Dear: looks at every process. */
  ownersOf(listeners: readonly Listener[]): Promise<readonly number[]>;
  /** The process on the client's end of a connection between two ports of this machine; undefined: it cannot be told. */
  clientPid(clientPort: number, serverPort: number): Promise<number | undefined>;
  /** One read of the table for all ports. */
  readTraffic(queries: readonly TrafficQuery[]): Promise<ReadonlyMap<number, PortTraffic> | undefined>;
}
