import type { BackendKey } from '../../src/model/backendDefinition';
import type { BackendState } from '../../src/model/backendState';
import type { BackendView } from '../../src/model/snapshot';
import type { BackendsChangedParams } from '../../src/protocol/messages';
import { waitUntil } from './waitUntil';

export type Wanted = BackendState | ((view: BackendView) => boolean);

interface Waiting {
  readonly key: BackendKey;
  readonly matches: (view: BackendView) => boolean;
  found?: BackendView;
}

/** What a client was told of its backends. Waiting for a view misses none, however short it lasts. */
export class ToldViews {
  /** By key; what was removed is not there. */
  readonly byKey = new Map<BackendKey, BackendView>();
  private readonly waiting = new Set<Waiting>();

  apply({ changed, removed }: BackendsChangedParams): void {
    for (const view of changed) this.byKey.set(view.key, view);
    for (const key of removed) this.byKey.delete(key);
    for (const one of this.waiting) this.look(one);
  }

  /** The view as it is now, or the first one told from now on, that is as wanted. */
  async waitFor(key: BackendKey, wanted: Wanted, timeoutMs = 20_000): Promise<BackendView> {
    const matches = (view: BackendView): boolean => (typeof wanted === 'string' ? view.state === wanted : wanted(view));
    const waiting: Waiting = { key, matches };
    this.waiting.add(waiting);
    try {
      // Looks by itself as well: a predicate may ask for more than what is told.
      return await waitUntil(
        () => `${key} to be ${String(wanted)}; last told: ${JSON.stringify(this.byKey.get(key))}`,
        () => this.look(waiting),
        timeoutMs,
      );
    } finally {
      this.waiting.delete(waiting);
    }
  }

  private look(waiting: Waiting): BackendView | undefined {
    const view = this.byKey.get(waiting.key);
    if (waiting.found === undefined && view !== undefined && waiting.matches(view)) waiting.found = view;
    return waiting.found;
  }
}
