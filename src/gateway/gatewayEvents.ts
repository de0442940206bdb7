/**
 * What the gateway and the broker tell each other about one backend. The gateway knows bytes and clients; the
 * broker knows states. All times are milliseconds of the monotonic clock.
 */
import type { Disposable } from '../base/lifecycle';

/**
 * What keeps a backend awake through its gateway: a request until its response ends, a stream while it is open,
 * a TCP connection whose last bytes came from the client and were not answered yet.
 */
export type GatewayLeaseKind = 'http' | 'webSocket' | 'eventStream' | 'raw';

export interface GatewayLease {
  readonly kind: GatewayLeaseKind;
  /** For a person: `GET /report in flight`, `WebSocket /hmr`; never a query string. */
  readonly words: string;
  readonly sinceMs: number;
}

/** A client that a sleeping backend is woken for. */
export interface Waker {
  /** `GET /time`, `a TCP connection`; never a query string. */
  readonly words: string;
  /** The client's end of the connection, by which its process is found. */
  readonly address: string;
  readonly port: number;
}

/**
 * Told by the gateway, synchronously. Ignored paths, agents and connections without bytes are never told.
 * @public
 */
export interface RouteListener {
  /** From no lease to one, or from one to none; `leases()` tells them all at any moment. */
  leasesChanged(): void;
  /** Counted activity without a lease, or the end of one: `GET /time`. Told for every request; cheap listeners only. */
  counted(words: string): void;
  /** A client waits for a backend that is asleep. Told for each such client; the broker makes one start of it. */
  wakeWanted(waker: Waker): void;
}

/** One public port, from a start until a person's stop. */
export interface Route extends Disposable {
  readonly publicPort: number;
  /** What keeps the backend awake at this very moment, oldest first. */
  leases(): readonly GatewayLease[];
  /** The last counted activity; undefined: none since the route was opened. */
  readonly lastCountedMs: number | undefined;
  /** Clients that wait for the backend to come up. */
  readonly heldCount: number;
  /** The backend answers there: the dial gate opens, held clients are let through. */
  open(upstreamPort: number): void;
  /** Soft drain: detaches the upstream sides of idle keep-alive connections, whose clients stay parked. */
  park(): void;
  /** The dial gate closes, in this turn: nothing more reaches the process, newcomers are held. */
  closeGate(): void;
  /** The backend is asleep: a client that counts asks for a wake. */
  fallAsleep(): void;
}
