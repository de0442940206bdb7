/**
 * What the gateway and the broker tell each other about one backend. The gateway knows bytes and clients; the
 * broker knows states. All times are milliseconds of the monotonic clock.
 */
import type { Disposable } from '../base/lifecycle';
import type { Answer } from './answers';
import type { RequestRules } from './requestPolicy';

/**
 * What keeps a backend awake through its gateway: a request until its response ends, a stream while it is open,
 * a TCP connection whose last bytes came from the client and were not answered yet (`raw`), or whose last bytes, of
 * the server, are not long ago (`rawAnswered`).
 */
export type GatewayLeaseKind = 'http' | 'webSocket' | 'eventStream' | 'raw' | 'rawAnswered';

export interface GatewayLease {
  readonly kind: GatewayLeaseKind;
  /** For a person: `GET /report in flight`, `a WebSocket on /hmr`; never a query string. */
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

/** What a person reads who waits in a browser. */
export interface WaitingText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly log: readonly string[];
}

/** Told by the gateway, synchronously. Ignored paths, agents and connections without bytes are never told. */
export interface RouteListener {
  /** From no lease to one, or from one to none; `leases()` tells them all at any moment. */
  leasesChanged(): void;
  /** Counted use begins: `GET /time`. Told for every request; cheap listeners only. */
  counted(words: string): void;
  /** A client waits for a backend that is asleep. Told for each such client; the broker makes one start of it. */
  wakeWanted(waker: Waker): void;
  /** So many clients wait now. */
  heldChanged(count: number): void;
  waitingText(): Promise<WaitingText>;
}

export interface RouteOptions extends RequestRules {
  readonly wakeOn: 'data' | 'connect';
  readonly openStreams: 'hold' | 'ignore';
  /** How long a client waits at most. */
  readonly holdCeilingMs: number;
}

/** One public port, from a start until a person's stop. */
export interface Route extends Disposable {
  readonly publicPort: number;
  /** What keeps the backend awake at this very moment, oldest first. */
  leases(): readonly GatewayLease[];
  /** The last counted use; undefined: none since the route was opened. */
  readonly lastCountedMs: number | undefined;
  configure(options: RouteOptions): void;
  /** The backend answers there: the dial gate opens, held clients are let through. */
  open(upstreamPort: number): void;
  /** Soft drain: detaches the upstream sides of idle keep-alive connections, whose clients stay parked. */
  park(): void;
  /** Newcomers are held; what is under way goes on. */
  hold(): void;
  /** The dial gate closes, in this turn: nothing more reaches the process, what does not count is cut off. */
  closeGate(): void;
  /** The backend is asleep: a client that counts asks for a wake; one that is held already does so now. */
  fallAsleep(): void;
  /** Whoever comes gets this answer. `again`: a request may ask for another wake instead. */
  refuse(answer: Answer, again: boolean): void;
  /** Only those who wait now get it. */
  answerHeld(answer: Answer): void;
  /** Asks for a wake if somebody waits and could be served by one. */
  askAgain(): void;
}
