import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { commandIds } from '../ids';
import { statusBarModel, viewDescription, viewNextChangeInMs } from '../model/statusPresentation';
import type { BackendView } from '../model/snapshot';
import type { BackendStore } from './backendStore';
import { safeMarkdown } from './commandLink';
import { escapeIcons, withoutAutolinks } from './label';
import { showsCountdown } from './settings';

/** The readiness of all backends of the window in one item. */
export class StatusBar implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly item = this.owned.add(
    vscode.window.createStatusBarItem('readiness', vscode.StatusBarAlignment.Left, 50),
  );
  private timer: Disposable | undefined;
  private notice: string | undefined;
  private connecting = true;
  private tooltip = '';

  constructor(
    private readonly store: BackendStore,
    private readonly clock: Clock,
  ) {
    this.item.name = 'Local Backends';
    this.item.command = commandIds.pick;
    this.owned.add(store.onDidChange(() => this.update()));
    this.owned.add(vscode.window.onDidChangeWindowState(() => this.update()));
    this.owned.add(vscode.workspace.onDidChangeConfiguration(() => this.update()));
    this.update();
  }

  /** Something about the broker that the person should know; undefined takes it back. */
  setNotice(notice: string | undefined): void {
    this.notice = notice;
    this.update();
  }

  /** The first look for a broker is over: what the views say is so. */
  looked(): void {
    this.connecting = false;
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
    const model = statusBarModel(views, this.connecting);
    if (model.hidden) {
      this.item.hide();
      return;
    }
    const status = `$(${model.icon}) ${model.text}`;
    if (!this.connecting && showsCountdown() && vscode.window.state.focused)
      this.countDown(status, views, this.clock.nowMs());
    else this.item.text = status;
    this.item.accessibilityInformation = { label: model.accessibleLabel };
    this.item.backgroundColor =
      model.severity === 'error' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.updateTooltip(model.tooltipLines);
    this.item.show();
  }

  /** Writes the countdown, and again each time it reads differently; all else stays until something happens. */
  private countDown(status: string, views: readonly BackendView[], sinceMs: number): void {
    const elapsedMs = this.clock.nowMs() - sinceMs;
    const countdown = viewDescription(views, elapsedMs);
    this.item.text = countdown === '' ? status : `${status} · ${escapeIcons(countdown)}`;
    const nextMs = viewNextChangeInMs(views, elapsedMs);
    if (nextMs !== undefined) this.timer = this.clock.setTimer(nextMs, () => this.countDown(status, views, sinceMs));
  }

  /** Replaced only when it differs: a new tooltip takes the old one from under the pointer. */
  private updateTooltip(lines: readonly string[]): void {
    const text = [...(this.notice === undefined ? [] : [this.notice]), ...lines].join('\n');
    if (text === this.tooltip) return;
    this.tooltip = text;
    const markdown = safeMarkdown();
    if (this.notice !== undefined)
      markdown.appendMarkdown('$(warning) ').appendText(withoutAutolinks(this.notice)).appendMarkdown('\n\n');
    for (const line of lines) markdown.appendMarkdown('- ').appendText(withoutAutolinks(line)).appendMarkdown('\n');
    this.item.tooltip = markdown;
  }
}
