import type { CancellationSignal } from '../base/cancellation';
import { toDisposable, type Disposable } from '../base/lifecycle';

/** Who asks for a slot. */
export interface SlotWish<Holder> {
  readonly holder: Holder;
  readonly cancel: CancellationSignal;
  /** The highest goes first, as things stand when a slot becomes free; default: all are equal. */
  readonly priority?: () => number;
  /** Told who has the slots while it has to wait for one, and again whenever that changes. */
  readonly waitsBehind?: (holders: readonly Holder[]) => void;
}

interface Waiter<Holder> extends SlotWish<Holder> {
  readonly grant: () => void;
}

/** Limits how many heavy starts run at the same time; of equal waiters the first is served, cancelled ones step aside. */
export class Slots<Holder> {
  private readonly waiting = new Set<Waiter<Holder>>();
  private readonly held = new Set<{ readonly holder: Holder }>();

  constructor(private limit: number) {}

  /** Somebody waits for a slot. */
  get isWanted(): boolean {
    return this.waiting.size > 0;
  }

  setLimit(limit: number): void {
    this.limit = limit;
    this.serve();
  }

  /** Resolves with a slot, or undefined when cancelled first. */
  acquire(wish: SlotWish<Holder>): Promise<Disposable | undefined> {
    const { cancel, holder } = wish;
    if (cancel.cancelled) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const grant = (): void => {
        this.waiting.delete(waiter);
        listening.dispose();
        const slot = { holder };
        this.held.add(slot);
        resolve(
          toDisposable(() => {
            if (this.held.delete(slot)) this.serve();
          }),
        );
      };
      const waiter: Waiter<Holder> = { ...wish, grant };
      const listening = cancel.onCancelled(() => {
        this.waiting.delete(waiter);
        resolve(undefined);
      });
      this.waiting.add(waiter);
      this.serve();
    });
  }

  private serve(): void {
    while (this.held.size < this.limit) {
      const next = this.next();
      if (next === undefined) return;
      next.grant();
    }
    const holders = [...this.held].map(({ holder }) => holder);
    for (const { waitsBehind } of [...this.waiting]) waitsBehind?.(holders);
  }

  private next(): Waiter<Holder> | undefined {
    const [first, ...others] = this.waiting;
    if (first === undefined || others.length === 0) return first;
    const ranked = [first, ...others].map((waiter) => ({ waiter, rank: waiter.priority?.() ?? 0 }));
    return ranked.reduce((best, other) => (other.rank > best.rank ? other : best)).waiter;
  }
}
