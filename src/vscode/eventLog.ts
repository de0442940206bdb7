import type { Logger } from '../base/logger';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { BackendKey } from '../model/backendDefinition';
import { plainText } from '../model/plainText';
import { steadyDescription } from '../model/presentation';
import type { BackendView } from '../model/snapshot';
import { shownName } from '../model/statusPresentation';
import type { BackendStore } from './backendStore';

/** Tells the log each state that a backend of this window comes to, with the reason where one is known. */
export class EventLog implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly told = new Map<BackendKey, string>();

  constructor(
    private readonly store: BackendStore,
    private readonly logger: Logger,
  ) {
    this.owned.add(
      store.onDidChange(({ changed, removed }) => {
        for (const key of removed) this.told.delete(key);
        for (const view of changed) this.look(view);
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private look(view: BackendView): void {
    // A failure is told with its reason, which may come a moment after the state.
    if (view.state === 'failed' && view.failure === undefined) return;
    const moment = `${view.state} ${view.stateSince}`;
    const before = this.told.get(view.key) ?? 'stopped';
    this.told.set(view.key, moment);
    if (before === moment || (view.state === 'stopped' && before.startsWith('stopped'))) return;
    const level = view.state === 'failed' ? 'error' : 'info';
    this.logger.log(level, `${shownName(view, this.store.views())}: ${eventText(view)}`);
  }
}

function eventText(view: BackendView): string {
  if (view.state === 'quiesced' && view.lastVerdict !== undefined) return plainText(view.lastVerdict, 400);
  const state = steadyDescription(view);
  if (view.failure !== undefined) {
    return [`${state}.`, view.failure.message, view.failure.hint]
      .flatMap((part) => (part === undefined ? [] : [plainText(part, 400)]))
      .join(' ');
  }
  return view.state === 'ready' && view.pid !== undefined ? `${state}, process ${view.pid}` : state;
}
