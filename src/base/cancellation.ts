import { toDisposable, type Disposable } from './lifecycle';

/** Cooperative cancellation: once cancelled it stays so, and late listeners are told at once. */
export interface CancellationSignal {
  readonly cancelled: boolean;
  onCancelled(listener: () => void): Disposable;
}

export class CancellationSource implements CancellationSignal {
  private readonly listeners = new Set<() => void>();
  private done = false;

  get cancelled(): boolean {
    return this.done;
  }

  onCancelled(listener: () => void): Disposable {
    if (this.done) {
      listener();
      return toDisposable(() => {});
    }
    this.listeners.add(listener);
    return toDisposable(() => this.listeners.delete(listener));
  }

  cancel(): void {
    if (this.done) return;
    this.done = true;
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) listener();
  }
}

export const neverCancelled: CancellationSignal = {
  cancelled: false,
  onCancelled: () => toDisposable(() => {}),
};
