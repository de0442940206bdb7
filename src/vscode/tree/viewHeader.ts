import type * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import { viewDescription, viewNextChangeInMs } from '../../model/statusPresentation';
import type { BackendView } from '../../model/snapshot';
import type { BackendStore } from '../backendStore';

/**
 * The countdown of the next backend to sleep, second by second, beside the view's title: there it disturbs
 * neither hover nor clicks. It runs only while somebody sees it.
 */
export class ViewHeader implements Disposable {
  private readonly owned = new DisposableStore();
  private timer: Disposable | undefined;
  private seen = false;

  constructor(
    private readonly view: Pick<vscode.TreeView<unknown>, 'description'>,
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
    if (this.seen) this.countDown(this.store.views(), this.clock.nowMs());
  }

  private countDown(views: readonly BackendView[], sinceMs: number): void {
    const elapsedMs = this.clock.nowMs() - sinceMs;
    const text = viewDescription(views, elapsedMs);
    if ((this.view.description ?? '') !== text) this.view.description = text;
    const nextMs = viewNextChangeInMs(views, elapsedMs);
    if (nextMs !== undefined) this.timer = this.clock.setTimer(nextMs, () => this.countDown(views, sinceMs));
  }
}
