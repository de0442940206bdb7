import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/lifecycle';
import { progressMessage } from '../model/presentation';
import type { BackendView } from '../model/snapshot';
import type { BackendStore } from './backendStore';
import { escapeIcons, notificationText } from './label';
import { shownName } from '../model/statusPresentation';

/** A start that is over sooner than this shows no notification at all. */
const quietMs = 400;
const tickMs = 1_000;

/** Shows a cancellable notification while backends start because a person asked for it. */
export class StartProgress {
  constructor(
    private readonly store: BackendStore,
    private readonly clock: Clock,
  ) {}

  /** Settles like `work`; `cancel` is called at most once, when the person cancels. */
  async during<T>(views: readonly BackendView[], work: Promise<T>, cancel: () => void): Promise<T> {
    const settled = work.then(
      () => true,
      () => true,
    );
    if (!(await this.settlesQuickly(settled))) this.show(views, settled, cancel);
    return work;
  }

  private settlesQuickly(settled: Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.clock.setTimer(quietMs, () => resolve(false));
      void settled.then(() => {
        timer.dispose();
        resolve(true);
      });
    });
  }

  private show(views: readonly BackendView[], settled: Promise<unknown>, cancel: () => void): void {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: shown(this.title(views)),
      cancellable: true,
    };
    void vscode.window.withProgress(options, async (progress, token) => {
      const owned = new DisposableStore();
      const report = (): void => progress.report({ message: shown(this.message(views)) });
      const tick = (): void => {
        report();
        timer = owned.add(this.clock.setTimer(tickMs, tick));
      };
      let timer = owned.add(this.clock.setTimer(tickMs, tick));
      owned.add(token.onCancellationRequested(cancel));
      owned.add(this.store.onDidChange(report));
      report();
      await settled;
      timer.dispose();
      owned.dispose();
    });
  }

  private title(views: readonly BackendView[]): string {
    const [only, ...others] = views;
    if (only === undefined || others.length > 0) return `Starting ${views.length} backends`;
    return `Starting ${shownName(only, this.store.views())}`;
  }

  private message(views: readonly BackendView[]): string {
    const current = views.map((view) => this.store.get(view.key) ?? view);
    const [only, ...others] = current;
    if (only !== undefined && others.length === 0) return progressMessage(only);
    const waited = current.find((view) => view.state === 'starting');
    const ready = current.filter((view) => view.state === 'ready').length;
    const last = waited === undefined ? '' : ` · ${waited.name}: ${progressMessage(waited)}`;
    return `${ready}/${current.length} ready${last}`;
  }
}

/** Do Not Disturb moves a progress from the notifications to the status bar, which draws icons. */
function shown(text: string): string {
  return escapeIcons(notificationText(text));
}
