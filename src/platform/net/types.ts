/** The kernel's view of sockets, and the outcome of one look at an endpoint. */

export interface Listener {
  readonly port: number;
  /** Textual address: `127.0.0.1`, `0.0.0.0`, `::1`, `::`. */
  readonly address: string;
  /** Kernel inode of the socket; 0 where the platform has none (then `pid` is set). */
  readonly inode: number;
  /** Owner, where the platform tells it together with the listener (lsof, netstat). */
  readonly pid?: number;
}

/** Who listens on a port; has the shape of the model's `PortHolder`. */
export interface PortHolderFacts {
  readonly port: number;
  readonly pid?: number;
  /** Kernel start time of the process, so that a later signal cannot hit a recycled pid. */
  readonly startTime?: string;
  /** Command line, secrets masked. */
  readonly command?: string;
}

/** What the connection table says of one port, seen from the server's side. */
export interface PortTraffic {
  /** Established connections to the port (loopback or local address), both directions counted once. */
  readonly established: number;
  /** Age in ms of the youngest connection that was closed in the last 60 s (TIME_WAIT); undefined: none seen. */
  readonly lastClosedAgoMs?: number;
}

/** Outcome of one probe; `saw` is in words for a person: `connection refused`, `HTTP 503`. */
export interface ProbeOutcome {
  readonly ok: boolean;
  readonly saw: string;
  /** The endpoint accepted a connection although it is not ready (503, no answer yet). */
  readonly connected?: boolean;
  /** Somebody else answers on the port: the answer does not count, and this is who. */
  readonly holder?: PortHolderFacts;
}
