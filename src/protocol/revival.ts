import type { Clock } from '../base/clock';
import type { BackendKey } from '../model/backendDefinition';
import type { BackendView } from '../model/snapshot';
import type { BackendsChangedParams } from './messages';

/** A broker that dies as soon as it is there would otherwise be started for ever. */
const maxRevivals = 3;
const windowMs = 60_000;

/** Whether a broker that died is worth a new one at once: something was up, and it does not die all the time. */
export class Revival {
  private readonly views = new Map<BackendKey, BackendView>();
  private begunAtMs: readonly number[] = [];

  constructor(private readonly clock: Clock) {}

  note({ changed, removed }: BackendsChangedParams): void {
    for (const key of removed) this.views.delete(key);
    for (const view of changed) this.views.set(view.key, view);
  }

  /** Keys that were known and are not among these. */
  missing(views: readonly BackendView[]): readonly BackendKey[] {
    const here = new Set(views.map((view) => view.key));
    return [...this.views.keys()].filter((key) => !here.has(key));
  }

  /** True when a new broker is to be started now; counts it. */
  begin(): boolean {
    const nowMs = this.clock.nowMs();
    const recent = this.begunAtMs.filter((atMs) => nowMs - atMs < windowMs);
    const wanted = recent.length < maxRevivals && [...this.views.values()].some(isWorthIt);
    this.begunAtMs = wanted ? [...recent, nowMs] : recent;
    return wanted;
  }
}

function isWorthIt({ state, pid }: BackendView): boolean {
  return pid !== undefined || (state !== 'stopped' && state !== 'failed');
}
