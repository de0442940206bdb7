/** Ownership of everything that listens, times or holds: it sits in a store and is released once. */

export interface Disposable {
  dispose(): void;
}

/** Wraps a release function so that it runs at most once. */
export function toDisposable(release: () => void): Disposable {
  let pending: (() => void) | undefined = release;
  return {
    dispose: () => {
      const run = pending;
      pending = undefined;
      run?.();
    },
  };
}

/** Owns disposables; what is added after its end is released at once instead of leaking. */
export class DisposableStore implements Disposable {
  private readonly owned = new Set<Disposable>();
  private disposed = false;

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Number of owned disposables; tests hold it against the base line. */
  get size(): number {
    return this.owned.size;
  }

  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.owned.add(item);
    return item;
  }

  /** Releases one item early and forgets it. */
  delete(item: Disposable): void {
    if (this.owned.delete(item)) item.dispose();
  }

  /** Releases everything, last added first; the store stays usable. */
  clear(): void {
    const items = [...this.owned].reverse();
    this.owned.clear();
    const errors: unknown[] = [];
    for (const item of items) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'errors while disposing');
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.clear();
  }
}
