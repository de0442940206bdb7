import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import type { BackendKey } from '../../model/backendDefinition';
import { rowNextChangeInMs } from '../../model/presentation';
import type { BackendView } from '../../model/snapshot';
import type { AgedView, BackendStore } from '../backendStore';

/**
 * Tells which rows read differently than before, because something happened or because time went on. One
 * timer for all rows, set to the moment the next text changes; none while the view is hidden.
 */
export class RowTicker implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly shown = new Map<BackendKey, string>();
  /** What each row was looked at with, and when its text changes by time alone: before, there is nothing to look at. */
  private readonly looked = new Map<BackendKey, { readonly view: BackendView; readonly changesAtMs: number }>();
  private timer: Disposable | undefined;
  private visible = false;

  constructor(
    private readonly store: BackendStore,
    private readonly clock: Clock,
    private readonly signature: (aged: AgedView) => string,
    private readonly changed: (keys: readonly BackendKey[]) => void,
  ) {
    this.owned.add(
      store.onDidChange((change) => {
        for (const key of change.removed) this.forget(key);
        if (this.visible) this.look();
      }),
    );
  }

  /** What the tree was given for a row: only a difference to it is a change. */
  rendered(key: BackendKey, signature: string): void {
    this.shown.set(key, signature);
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.timer?.dispose();
    this.timer = undefined;
    if (visible) this.look();
  }

  dispose(): void {
    this.setVisible(false);
    this.owned.dispose();
  }

  private forget(key: BackendKey): void {
    this.shown.delete(key);
    this.looked.delete(key);
  }

  private look(): void {
    const changed: BackendKey[] = [];
    const nowMs = this.clock.nowMs();
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const aged of this.store.aged()) {
      const { key } = aged.view;
      const last = this.looked.get(key);
      if (last?.view === aged.view && nowMs < last.changesAtMs) {
        nextAtMs = Math.min(nextAtMs, last.changesAtMs);
        continue;
      }
      if (this.readsDifferently(key, this.signature(aged))) changed.push(key);
      const changesAtMs = nowMs + (rowNextChangeInMs(aged.view, aged.ageMs) ?? Number.POSITIVE_INFINITY);
      this.looked.set(key, { view: aged.view, changesAtMs });
      nextAtMs = Math.min(nextAtMs, changesAtMs);
    }
    if (changed.length > 0) this.changed(changed);
    this.timer?.dispose();
    this.timer = Number.isFinite(nextAtMs) ? this.clock.setTimer(nextAtMs - nowMs, () => this.look()) : undefined;
  }

  /** A row that was never asked for is not on screen: it comes with the refresh of the structure. */
  private readsDifferently(key: BackendKey, signature: string): boolean {
    const shown = this.shown.get(key);
    if (shown === undefined || shown === signature) return false;
    this.shown.set(key, signature);
    return true;
  }
}
