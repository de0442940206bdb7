import type { CancellationSignal } from '../base/cancellation';
import { toDisposable, type Disposable } from '../base/lifecycle';

interface Waiter {
  /** The highest goes first, as things stand when a slot becomes free. */
  readonly priority: () => number;
  readonly grant: () => void;
}

/** Limits how many heavy starts run at the same time; of equal waiters the first is served, cancelled ones step aside. */
export class Slots {
  private readonly waiting = new Set<Waiter>();
  private used = 0;

  constructor(private limit: number) {}

  get isFree(): boolean {
    return this.used < this.limit;
  }

  setLimit(limit: number): void {
    this.limit = limit;
    this.serve();
  }

  /** Resolves with a slot, or undefined when cancelled first. */
  acquire(cancel: CancellationSignal, priority: () => number = () => 0): Promise<Disposable | undefined> {
    if (cancel.cancelled) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const grant = (): void => {
        this.waiting.delete(waiter);
        listening.dispose();
        this.used++;
        resolve(
          toDisposable(() => {
            this.used--;
            this.serve();
          }),
        );
      };
      const waiter: Waiter = { priority, grant };
      const listening = cancel.onCancelled(() => {
        this.waiting.delete(waiter);
        resolve(undefined);
      });
      this.waiting.add(waiter);
      this.serve();
    });
  }

  private serve(): void {
    while (this.used < this.limit) {
      const next = this.next();
      if (next === undefined) return;
      next.grant();
    }
  }

  private next(): Waiter | undefined {
    const [first, ...others] = this.waiting;
    if (first === undefined || others.length === 0) return first;
    const ranked = [first, ...others].map((waiter) => ({ waiter, rank: waiter.priority() }));
    return ranked.reduce((best, other) => (other.rank > best.rank ? other : best)).waiter;
  }
}
