import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { BackendKey } from '../model/backendDefinition';
import type { HoldKind, HoldView } from '../model/snapshot';

export interface Hold extends HoldView {
  readonly id: string;
  readonly key: BackendKey;
  /** Who placed it: holds of a client end with its connection. */
  readonly owner: string;
}

/** Who keeps which backend awake, and why. Placing and releasing is told to the idle loop. */
export class HoldRegistry implements Disposable {
  private readonly holds = new Map<string, Hold>();
  /** Asked for with each view of each backend. */
  private readonly byKey = new Map<BackendKey, readonly Hold[]>();
  private readonly expiries = new Map<string, Disposable>();
  private readonly keepAwakeEnds = new Map<BackendKey, number | 'forever'>();
  private readonly store = new DisposableStore();

  constructor(
    private readonly clock: Clock,
    private readonly told: { placed(hold: Hold): void; released(hold: Hold): void },
  ) {}

  place(hold: Hold): void {
    if (this.holds.has(hold.id)) this.release(hold.id);
    const placed = { since: this.clock.wallMs(), ...hold };
    this.holds.set(hold.id, placed);
    this.byKey.set(hold.key, [...this.of(hold.key), placed]);
    this.told.placed(hold);
  }

  release(id: string): void {
    const hold = this.holds.get(id);
    if (hold === undefined) return;
    this.holds.delete(id);
    const left = this.of(hold.key).filter((other) => other !== hold);
    if (left.length > 0) this.byKey.set(hold.key, left);
    else this.byKey.delete(hold.key);
    this.told.released(hold);
  }

  releaseOwnedBy(owner: string): void {
    for (const hold of [...this.holds.values()]) if (hold.owner === owner) this.release(hold.id);
  }

  /** Keep-awake by the person: `durationMs` undefined means until released. */
  keepAwake(key: BackendKey, durationMs: number | undefined): void {
    this.releaseKeepAwake(key);
    const until = durationMs === undefined ? 'forever' : this.clock.wallMs() + durationMs;
    this.keepAwakeEnds.set(key, until);
    this.place({ id: keepAwakeId(key), key, owner: 'person', kind: 'keepAwake', reason: 'kept awake by you' });
    if (durationMs === undefined) return;
    this.expiries.set(key, this.store.add(this.clock.setTimer(durationMs, () => this.releaseKeepAwake(key))));
  }

  releaseKeepAwake(key: BackendKey): void {
    const expiry = this.expiries.get(key);
    this.expiries.delete(key);
    this.keepAwakeEnds.delete(key);
    if (expiry !== undefined) this.store.delete(expiry);
    this.release(keepAwakeId(key));
  }

  /** Epoch ms of the end of the keep-awake, `forever`, or undefined. */
  keepAwakeUntil(key: BackendKey): number | 'forever' | undefined {
    return this.keepAwakeEnds.get(key);
  }

  of(key: BackendKey): readonly Hold[] {
    return this.byKey.get(key) ?? [];
  }

  /** The first hold of one of these kinds, for a refusal that names it. */
  firstOf(key: BackendKey, kinds: readonly HoldKind[]): Hold | undefined {
    return this.of(key).find((hold) => kinds.includes(hold.kind));
  }

  dispose(): void {
    this.store.dispose();
  }
}

function keepAwakeId(key: BackendKey): string {
  return `keepAwake ${key}`;
}
