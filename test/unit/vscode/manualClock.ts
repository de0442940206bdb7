import { toDisposable, type Disposable } from '../../../src/base/lifecycle';
import type { Clock } from '../../../src/base/clock';

/** A clock that stands still until it is moved; timers run when it passes them. */
export class ManualClock implements Clock {
  private now = 0;
  private readonly timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  nowMs(): number {
    return this.now;
  }

  wallMs(): number {
    return 1_000_000 + this.now;
  }

  setTimer(delayMs: number, run: () => void): Disposable {
    const timer = { atMs: this.now + Math.max(0, delayMs), run };
    this.timers.add(timer);
    return toDisposable(() => this.timers.delete(timer));
  }

  get pending(): number {
    return this.timers.size;
  }

  advance(ms: number): void {
    const end = this.now + ms;
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.now = Math.max(this.now, next.atMs);
      this.timers.delete(next);
      next.run();
    }
    this.now = end;
  }

  private next(until: number): { readonly atMs: number; readonly run: () => void } | undefined {
    return [...this.timers].filter((timer) => timer.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
  }
}
