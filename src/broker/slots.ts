import type { CancellationSignal } from '../base/cancellation';
import { toDisposable, type Disposable } from '../base/lifecycle';

/** Limits how many heavy starts run at the same time; waiters are served in order, cancelled ones step aside. */
export class Slots {
  private readonly waiting = new Set<() => void>();
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
  acquire(cancel: CancellationSignal): Promise<Disposable | undefined> {
    if (cancel.cancelled) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const grant = (): void => {
        this.waiting.delete(grant);
        listening.dispose();
        this.used++;
        resolve(
          toDisposable(() => {
            this.used--;
            this.serve();
          }),
        );
      };
      const listening = cancel.onCancelled(() => {
        this.waiting.delete(grant);
        resolve(undefined);
      });
      this.waiting.add(grant);
      this.serve();
    });
  }

  private serve(): void {
    for (const grant of this.waiting) {
      if (this.used >= this.limit) return;
      grant();
    }
  }
}
