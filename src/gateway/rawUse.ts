/**
 * Use of a connection that is not understood: from what its client sent until that is answered, and for a while after
 * the last bytes, since they may have been no answer or not all of it. Some protocols end with words that are never
 * answered, so it counts for a limited time only.
 */
import type { Disposable } from '../base/lifecycle';
import type { ConnectionHost, Lease } from './connectionHost';

/** Counted from the last bytes of the client. */
export const longestUnansweredMs = 600_000;
/** Of protocols that answer what they are asked: for a pause between the parts of an answer. */
export const quietMs = 1_000;
/**
 * TLS sends tickets of its own accord, HTTP/2 frames that answer nothing, both many answers at a time: what comes from
 * the server does not tell that nobody waits any more. Few clients wait longer than this without a sign of life.
 */
export const mixedQuietMs = 120_000;

const words = { raw: 'an unanswered TCP request', rawAnswered: 'a TCP connection in use a moment ago' } as const;

export class RawUse implements Disposable {
  private lease: Lease | undefined;
  private quietMs: number | undefined;
  private endMs = 0;
  private timer: { readonly dueMs: number; readonly planned: Disposable } | undefined;

  constructor(private readonly host: Pick<ConnectionHost, 'begin' | 'end' | 'clock'>) {}

  asked(bytes: Buffer): void {
    this.quietMs ??= isMixed(bytes) ? mixedQuietMs : quietMs;
    this.lasts('raw', longestUnansweredMs);
  }

  /** A greeting for a client that has never said anything is no use. */
  answered(): void {
    if (this.quietMs !== undefined) this.lasts('rawAnswered', this.quietMs);
  }

  dispose(): void {
    this.timer?.planned.dispose();
    this.timer = undefined;
    this.end();
  }

  private lasts(kind: keyof typeof words, forMs: number): void {
    this.endMs = this.host.clock.nowMs() + forMs;
    const before = this.lease;
    if (before?.kind !== kind) {
      this.lease = this.host.begin(kind, words[kind]);
      if (before !== undefined) this.host.end(before);
    }
    if (this.timer !== undefined && this.timer.dueMs <= this.endMs) return;
    this.timer?.planned.dispose();
    this.plan();
  }

  private end(): void {
    if (this.lease !== undefined) this.host.end(this.lease);
    this.lease = undefined;
  }

  /** One timer, however often it is asked and answered. */
  private plan(): void {
    const run = (): void => {
      this.timer = undefined;
      if (this.endMs > this.host.clock.nowMs()) this.plan();
      else this.end();
    };
    const delayMs = this.endMs - this.host.clock.nowMs();
    this.timer = { dueMs: this.endMs, planned: this.host.clock.setTimer(delayMs, run) };
  }
}

/** The beginning of a record of TLS, or what every connection of HTTP/2 begins with. */
function isMixed(bytes: Buffer): boolean {
  return (bytes[0] === 22 && bytes[1] === 3) || bytes.toString('latin1', 0, 14) === 'PRI * HTTP/2.0';
}
