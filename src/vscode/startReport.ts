import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type { Failure } from '../model/failure';
import type { BackendKey } from '../model/backendDefinition';
import type { BackendView } from '../model/snapshot';
import { shownName } from '../model/statusPresentation';
import { startSummary, type StartResult } from '../model/startSummary';
import type { BackendStore } from './backendStore';
import { escapeIcons } from './label';

const shownForMs = 10_000;

/** Tells how a start of several backends went, in the log and for a moment in the status bar. */
export class StartReport {
  constructor(
    private readonly store: BackendStore,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Called when the start begins; the answer, when all have settled, with what failed. One backend needs no summary. */
  begin(views: readonly BackendView[]): (failed: ReadonlyMap<BackendKey, Failure>) => void {
    const beganMs = this.clock.nowMs();
    return (failed) => {
      if (views.length < 2) return;
      const results = views.map((view) => this.result(view, failed.get(view.key)));
      const summary = startSummary(results, this.clock.nowMs() - beganMs);
      this.logger.log('info', summary);
      vscode.window.setStatusBarMessage(escapeIcons(summary), shownForMs);
    };
  }

  private result(view: BackendView, failure: Failure | undefined): StartResult {
    const start = this.store.get(view.key)?.start;
    const outcome = failure === undefined ? 'ready' : failure.code === 'cancelled' ? 'cancelled' : 'failed';
    return { name: shownName(view, this.store.views()), outcome, ...(start !== undefined && { start }) };
  }
}
