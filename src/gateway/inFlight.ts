/** The requests of one connection that are on their way, from their head until the end of their answer. */
import type { ConnectionHost, Lease } from './connectionHost';
import { requestAfterEndMs, streamAfterEndMs, type Deadline } from './deadline';
import type { GatewayLeaseKind } from './gatewayEvents';
import { requestWords, type RequestHead, type ResponseHead } from './httpHead';

export interface InFlight {
  readonly head: RequestHead;
  readonly method: string;
  readonly switches: boolean;
  lease: Lease | undefined;
  /** Bytes of its final answer went to the client. */
  answered: boolean;
}

const maxPipelined = 64;

export class InFlightRequests {
  private readonly list: InFlight[] = [];
  /** How many at the end of the list have begun and were not sent yet. */
  private unsentCount = 0;
  /** All that was sent of all of them, while it could be sent once more without harm. */
  private again: Buffer[] | undefined;

  constructor(private readonly host: Pick<ConnectionHost, 'begin' | 'end' | 'becomesStream'>) {}

  /** The one that is answered next. */
  get first(): InFlight | undefined {
    return this.list[0];
  }

  get count(): number {
    return this.list.length;
  }

  get hasLease(): boolean {
    return this.list.some((one) => one.lease !== undefined);
  }

  /** Whether the next one has to wait for an answer before it. */
  get isFull(): boolean {
    return this.list.length >= maxPipelined || this.list.some((one) => one.switches);
  }

  begin(head: RequestHead, counts: boolean): void {
    const { method, switches } = head;
    const lease = counts ? this.host.begin('http', requestWords(head)) : undefined;
    this.list.push({ head, method, switches, lease, answered: false });
    this.unsentCount++;
  }

  shift(): InFlight | undefined {
    this.again = undefined;
    return this.list.shift();
  }

  /** `overReused`: over a connection that may be closed in this very moment. */
  sent(bytes: Buffer, overReused: boolean): void {
    const fresh = this.unsentCount;
    this.unsentCount = 0;
    // Of those that were in flight before all is kept, or nothing.
    const before = fresh === this.count ? [] : this.again;
    const isHarmless = fresh > 0 && this.list.slice(-fresh).every(({ head }) => isRepeatable(head));
    this.again = overReused && isHarmless ? before : undefined;
    this.again?.push(bytes);
  }

  /** An answer has begun: what follows must not be asked for twice. */
  answerBegins(): void {
    this.again = undefined;
  }

  answeredWith(head: ResponseHead): void {
    const { first } = this;
    if (first?.lease !== undefined && head.eventStream)
      first.lease = this.host.becomesStream(first.lease, 'eventStream', first.head);
  }

  /** What to send over another connection, since this one was lost without any answer; the second time nothing. */
  takeAgain(): Buffer | undefined {
    const { again } = this;
    this.again = undefined;
    return again && Buffer.concat(again);
  }

  /** The last of them, whose answer has not begun, turned out to be none: it can be told at once. */
  get isLoneUnanswered(): boolean {
    return this.count === 1 && this.first?.answered === false;
  }

  /** Of one kind, or all of them. */
  endLeases(kind?: GatewayLeaseKind): void {
    for (const one of this.list) {
      if (one.lease === undefined || (kind !== undefined && one.lease.kind !== kind)) continue;
      this.host.end(one.lease);
      one.lease = undefined;
    }
  }

  /** The client ended its side; whether it still waits is not known. */
  boundLeases(deadline: Deadline): void {
    deadline.set(streamAfterEndMs, () => {
      this.endLeases('eventStream');
      deadline.set(requestAfterEndMs - streamAfterEndMs, () => this.endLeases());
    });
  }

  clear(): void {
    this.endLeases();
    this.list.length = 0;
    this.unsentCount = 0;
    this.again = undefined;
  }
}

/** Asking for it twice is asking for it once. */
export function isRepeatable({ method, framing, switches }: RequestHead): boolean {
  return framing.kind === 'none' && !switches && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS');
}
