import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import { hardlyUpMs } from '../model/failure';
import type { BackendView } from '../model/snapshot';
import type { BackendKey } from '../model/backendDefinition';
import type { BackendStore } from './backendStore';
import type { FailedBackend } from './failureMessages';

/** What ends for the same reason ends together, and is told in one message. */
const gatherMs = 500;

/** Tells of backends that a person has started and that end by themselves a moment after they were ready. */
export class EarlyEnds implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly watched = new Map<BackendKey, Disposable>();
  private readonly ended = new Set<BackendKey>();
  private gathering: Disposable | undefined;

  constructor(
    private readonly store: BackendStore,
    private readonly clock: Clock,
    private readonly tell: (failed: readonly FailedBackend[]) => void,
  ) {
    this.owned.add(store.onDidChange(({ changed }) => this.look(changed)));
    this.owned.add(toDisposable(() => this.watched.forEach((timer) => timer.dispose())));
    this.owned.add(toDisposable(() => this.gathering?.dispose()));
  }

  /** It was started and is ready. One that has ended since then is told too. */
  watch(key: BackendKey): void {
    this.forget(key);
    this.watched.set(
      key,
      this.clock.setTimer(hardlyUpMs, () => this.forget(key)),
    );
    const view = this.store.get(key);
    if (view !== undefined) this.look([view]);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private look(changed: readonly BackendView[]): void {
    for (const { key, state, failure } of changed) {
      if (!this.watched.has(key) || state === 'ready') continue;
      // A failure is known a moment after the state.
      if (state === 'failed' && failure === undefined) continue;
      this.forget(key);
      if (failure?.code === 'crashed') this.gather(key);
    }
  }

  private gather(key: BackendKey): void {
    this.ended.add(key);
    if (this.ended.size > 1) return;
    this.gathering = this.clock.setTimer(gatherMs, () => this.tellGathered());
  }

  /** One that is started again by itself says so in its row. */
  private tellGathered(): void {
    const failed = [...this.ended].flatMap((key): FailedBackend[] => {
      const view = this.store.get(key);
      if (view?.state !== 'failed' || view.failure === undefined || view.restartInMs !== undefined) return [];
      return [{ view, failure: view.failure }];
    });
    this.ended.clear();
    if (failed.length > 0) this.tell(failed);
  }

  private forget(key: BackendKey): void {
    this.watched.get(key)?.dispose();
    this.watched.delete(key);
  }
}
