/**
 * Use of a connection that is not understood: from what its client sent until that is answered. Some protocols end
 * with words that are never answered, so it counts for a while only.
 */
import type { Disposable } from '../base/lifecycle';
import type { ConnectionHost, Lease } from './connectionHost';

/** Counted from the last bytes of the client. */
export const longestUnansweredMs = 600_000;

export class RawUse implements Disposable {
  private lease: Lease | undefined;
  private askedMs = 0;
  private timer: Disposable | undefined;

  constructor(private readonly host: Pick<ConnectionHost, 'begin' | 'end' | 'clock'>) {}

  asked(): void {
    this.askedMs = this.host.clock.nowMs();
    this.lease ??= this.host.begin('raw', 'an unanswered TCP request');
    if (this.timer === undefined) this.plan(longestUnansweredMs);
  }

  answered(): void {
    if (this.lease === undefined) return;
    this.host.end(this.lease);
    this.lease = undefined;
  }

  dispose(): void {
    this.timer?.dispose();
    this.timer = undefined;
    this.answered();
  }

  /** One timer, however often it is asked and answered. */
  private plan(delayMs: number): void {
    this.timer = this.host.clock.setTimer(delayMs, () => {
      this.timer = undefined;
      if (this.lease === undefined) return;
      const leftMs = this.askedMs + longestUnansweredMs - this.host.clock.nowMs();
      if (leftMs > 0) this.plan(leftMs);
      else this.answered();
    });
  }
}
