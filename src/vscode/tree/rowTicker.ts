import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import type { BackendKey } from '../../model/backendDefinition';
import { rowNextChangeInMs } from '../../model/presentation';
import type { AgedView, BackendStore } from '../backendStore';

/**
 * Tells which rows read differently than before, because something happened or because time went on. One
 * timer for all rows, set to the moment the next text changes; none while the view is hidden.
 */
export class RowTicker implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly shown = new Map<BackendKey, string>();
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
        for (const key of change.removed) this.shown.delete(key);
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

  private look(): void {
    const changed: BackendKey[] = [];
    let nextMs = Number.POSITIVE_INFINITY;
    for (const aged of this.store.aged()) {
      const { key } = aged.view;
      const signature = this.signature(aged);
      const shown = this.shown.get(key);
      // A row that was never asked for is not on screen: it comes with the refresh of the structure.
      if (shown !== undefined && shown !== signature) {
        changed.push(key);
        this.shown.set(key, signature);
      }
      nextMs = Math.min(nextMs, rowNextChangeInMs(aged.view, aged.ageMs) ?? nextMs);
    }
    if (changed.length > 0) this.changed(changed);
    this.timer?.dispose();
    this.timer = Number.isFinite(nextMs) ? this.clock.setTimer(nextMs, () => this.look()) : undefined;
  }
}
