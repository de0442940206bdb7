import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';

/** For the head of a request. */
export const headDeadlineMs = 60_000;
/**
 * A client that ended its side may still wait for its answer; one that left cannot be told from it until something is
 * written to it. No client of an event stream ends its side and reads on.
 */
export const streamAfterEndMs = 30_000;
export const requestAfterEndMs = 600_000;

/** One timer at a time. */
export class Deadline {
  private timer: Disposable | undefined;

  constructor(private readonly clock: Clock) {}

  get isSet(): boolean {
    return this.timer !== undefined;
  }

  set(delayMs: number, run: () => void): void {
    this.clear();
    this.timer = this.clock.setTimer(delayMs, () => {
      this.timer = undefined;
      run();
    });
  }

  clear(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }
}
