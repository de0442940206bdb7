import type { Logger } from '../base/logger';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { BackendKey } from '../model/backendDefinition';
import { plainText } from '../model/plainText';
import { isSlowerThanUsual, steadyDescription, usualText } from '../model/presentation';
import type { BackendView } from '../model/snapshot';
import { shownName } from '../model/statusPresentation';
import { formatDuration } from '../model/countdown';
import type { BackendStore } from './backendStore';
import { ProbeLog } from './probeLog';

/** Tells the log each state that a backend of this window comes to, with the reason where one is known. */
export class EventLog implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly told = new Map<BackendKey, string>();
  private readonly slow = new Set<BackendKey>();
  private readonly probes: ProbeLog;

  constructor(
    private readonly store: BackendStore,
    private readonly logger: Logger,
  ) {
    this.probes = new ProbeLog(logger);
    this.owned.add(
      store.onDidChange(({ changed, removed }) => {
        for (const key of removed) this.forget(key);
        for (const view of changed) this.look(view);
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private forget(key: BackendKey): void {
    this.told.delete(key);
    this.slow.delete(key);
    this.probes.forget(key);
  }

  private look(view: BackendView): void {
    const name = shownName(view, this.store.views());
    if (view.state !== 'starting') this.probes.look(name, view);
    this.lookAtState(name, view);
    if (view.state !== 'starting') return;
    this.probes.look(name, view);
    this.lookAtPace(name, view);
  }

  /** Told once for each start. */
  private lookAtPace(name: string, view: BackendView): void {
    if (!isSlowerThanUsual(view)) this.slow.delete(view.key);
    else if (!this.slow.has(view.key)) {
      this.slow.add(view.key);
      this.logger.log('info', `${name}: ${usualText(view) ?? ''}`);
    }
  }

  private lookAtState(name: string, view: BackendView): void {
    // A failure is told with its reason, which may come a moment after the state.
    if (view.state === 'failed' && view.failure === undefined) return;
    const moment = `${view.state} ${view.stateSince}`;
    const before = this.told.get(view.key) ?? 'stopped';
    this.told.set(view.key, moment);
    if (before === moment || (view.state === 'stopped' && before.startsWith('stopped'))) return;
    const level = view.state === 'failed' ? 'error' : 'info';
    this.logger.log(level, `${name}: ${eventText(view)}`);
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
  if (view.state !== 'ready' || view.pid === undefined) return state;
  return [state, `process ${view.pid}`, ...startText(view)].join(', ');
}

/** `after 3.2 s and 7 probes`; nothing when it became ready before this window knew of it. */
function startText({ start }: BackendView): string[] {
  if (start?.readyAfterMs === undefined) return [];
  const probes = start.probesMade === 1 ? '1 probe' : `${start.probesMade} probes`;
  return [`after ${formatDuration(start.readyAfterMs)} and ${probes}`];
}
