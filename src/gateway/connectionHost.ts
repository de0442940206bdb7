/** What a connection asks of its route. */
import type { Clock } from '../base/clock';
import type { Answer } from './answers';
import type { GatewayLease, GatewayLeaseKind } from './gatewayEvents';
import type { RequestHead } from './httpHead';
import type { DialTarget } from './upstreamDial';

export type Reply = (head: RequestHead | undefined, closes: boolean) => Buffer;

export type Verdict =
  | { readonly kind: 'pass'; readonly counts: boolean }
  | { readonly kind: 'hold' }
  | { readonly kind: 'answer'; readonly reply: Reply };

export type Lease = GatewayLease;

/** What a route does with a connection. */
export interface HostedConnection {
  /** The client's end. */
  readonly remote: { readonly address: string; readonly port: number };
  /** The gate is open: goes on. `onSettled` is told when the backend was reached, or no longer need be. */
  release(onSettled: () => void): void;
  /** Says no to what waits here. A protocol we do not speak gets a reset. */
  answerHeld(reply: Reply): void;
  /** Detaches the upstream side where nothing is under way; the client stays. */
  park(): void;
  /** Nothing reaches the process from now on: what is still connected to it, and is no lease, is cut off. */
  cutOff(unavailable: Answer): void;
  /** Ends what is idle; an answer in progress still gets out. */
  close(): void;
}

export interface ConnectionHost {
  readonly clock: Clock;
  /** Where the process answers; undefined while the dial gate is closed. */
  readonly target: DialTarget | undefined;
  readonly isOpen: boolean;
  readonly wakesOnConnect: boolean;
  judge(head: RequestHead): Verdict;
  judgeRaw(): 'pass' | 'hold' | 'reset';
  holdClient(connection: HostedConnection, words: string, head: RequestHead | undefined): void;
  begin(kind: GatewayLeaseKind, words: string): Lease;
  end(lease: Lease): void;
  /** The request became a stream; undefined: streams are no leases here. */
  becomesStream(lease: Lease, kind: GatewayLeaseKind, head: RequestHead): Lease | undefined;
  /** The answer when the process went away without one. */
  broken(why: string): Answer;
  /** Nothing waits or runs on it any more; its last bytes may still be on their way. */
  left(connection: HostedConnection): void;
  gone(connection: HostedConnection): void;
}
