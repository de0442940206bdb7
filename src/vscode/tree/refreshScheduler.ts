import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/lifecycle';

/** A refresh of these rows, or of the whole tree. Never an empty list: the tree would lose its place. */
export type Refresh<Row> = readonly Row[] | 'everything';

/** The extension host drops refreshes that keep coming within 200 ms of each other, so they never come faster than this. */
export const refreshIntervalMs = 250;

/**
 * One scheduler for all rows. The first change is told at once; what follows within the interval is told
 * together at its end. While the view is hidden changes are only remembered.
 */
export class RefreshScheduler<Row> implements Disposable {
  private readonly pending = new Set<Row>();
  private everything = false;
  private visible = false;
  private lastFiredMs = Number.NEGATIVE_INFINITY;
  private timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly fire: (refresh: Refresh<Row>) => void,
    private readonly intervalMs = refreshIntervalMs,
  ) {}

  rowsChanged(rows: Iterable<Row>): void {
    for (const row of rows) this.pending.add(row);
    this.schedule();
  }

  structureChanged(): void {
    this.everything = true;
    this.schedule();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible) this.schedule();
    else this.cancelTimer();
  }

  dispose(): void {
    this.visible = false;
    this.cancelTimer();
  }

  private schedule(): void {
    if (!this.visible || this.timer !== undefined || (this.pending.size === 0 && !this.everything)) return;
    const waitMs = this.lastFiredMs + this.intervalMs - this.clock.nowMs();
    if (waitMs <= 0) {
      this.flush();
      return;
    }
    this.timer = this.clock.setTimer(waitMs, () => {
      this.timer = undefined;
      this.flush();
    });
  }

  private flush(): void {
    const refresh: Refresh<Row> = this.everything ? 'everything' : [...this.pending];
    this.pending.clear();
    this.everything = false;
    this.lastFiredMs = this.clock.nowMs();
    this.fire(refresh);
  }

  private cancelTimer(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }
}
