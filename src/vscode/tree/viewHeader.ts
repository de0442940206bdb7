import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import { viewDescription, viewMessage, viewNextChangeInMs } from '../../model/statusPresentation';
import type { BackendView } from '../../model/snapshot';
import type { BackendStore } from '../backendStore';

/**
 * One line above the rows: how many are ready, and the countdown of the next backend to sleep, second by second.
 * Not the view's description: VS Code draws none while the view is alone in its container, and builds the buttons
 * of the title anew with each change of it, under a click in progress. The line stays as long as there are rows,
 * so that none of them moves. It counts only while somebody sees it.
 */
export class ViewHeader implements Disposable {
  private readonly owned = new DisposableStore();
  private timer: Disposable | undefined;
  private seen = false;

  constructor(
    private readonly view: { message?: string | undefined },
    private readonly store: BackendStore,
    private readonly clock: Clock,
  ) {
    this.owned.add(store.onDidChange(() => this.update()));
  }

  setSeen(seen: boolean): void {
    this.seen = seen;
    this.update();
  }

  dispose(): void {
    this.timer?.dispose();
    this.owned.dispose();
  }

  private update(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const views = this.store.views();
    if (this.seen) this.countDown(views, this.clock.nowMs());
    else this.show(viewMessage(views, ''));
  }

  private countDown(views: readonly BackendView[], sinceMs: number): void {
    const elapsedMs = this.clock.nowMs() - sinceMs;
    this.show(viewMessage(views, viewDescription(views, elapsedMs)));
    const nextMs = viewNextChangeInMs(views, elapsedMs);
    if (nextMs !== undefined) this.timer = this.clock.setTimer(nextMs, () => this.countDown(views, sinceMs));
  }

  private show(text: string | undefined): void {
    if (this.view.message !== text) this.view.message = text;
  }
}
