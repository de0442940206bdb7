import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { BackendKey } from '../model/backendDefinition';
import type { BackendSnapshot } from '../model/snapshot';
import type { BackendStore } from './backendStore';
import { toSnapshot } from './snapshots';

/** A predicate may read what changes by time alone (`remainingMs`), for which there is no event. */
const lookAgainMs = 100;

/**
 * The first snapshot of a backend that matches, at once when it matches already; undefined after `timeoutMs`. A
 * backend that is not declared for a moment (its file is being replaced) is waited for too. Rejects with what
 * `matches` throws. Without `changesByTime` only changes are looked at.
 */
export function firstMatch(
  store: BackendStore,
  clock: Clock,
  key: BackendKey,
  matches: (snapshot: BackendSnapshot) => boolean,
  timeoutMs: number,
  changesByTime = true,
): Promise<BackendSnapshot | undefined> {
  const owned = new DisposableStore();
  const found = new Promise<BackendSnapshot | undefined>((resolve, reject) => {
    let timer: Disposable | undefined;
    const look = (): void => {
      if (timer !== undefined) owned.delete(timer);
      try {
        const view = store.get(key);
        const snapshot = view === undefined ? undefined : toSnapshot(view);
        if (snapshot !== undefined && matches(snapshot)) resolve(snapshot);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
      if (changesByTime) timer = owned.add(clock.setTimer(lookAgainMs, look));
    };
    owned.add(store.onDidChange(look));
    owned.add(clock.setTimer(timeoutMs, () => resolve(undefined)));
    look();
  });
  return found.finally(() => owned.dispose());
}
