import type { ApiDisposable, BackendSnapshot, LocalBackendsApiV1 } from '../api';
import type { Clock } from '../base/clock';
import { Emitter } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { BackendState } from '../model/backendState';
import { plainText } from '../model/plainText';
import type { BackendView } from '../model/snapshot';
import { BackendFailure } from '../protocol/backendFailure';
import type { BackendActions } from './backendActions';
import type { BackendStore } from './backendStore';
import { resolveBackend } from './resolveBackend';
import { changeSignature, toSnapshot } from './snapshots';
import { firstMatch } from './stateWait';

const defaultTimeoutMs = 60_000;

type Predicate = (snapshot: BackendSnapshot) => boolean;

/** The API for other extensions, over the same store and actions as our own views. */
export class ExportedApi implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new Emitter<BackendSnapshot>());
  private readonly told = new Map<string, string>();

  constructor(
    private readonly store: BackendStore,
    private readonly actions: BackendActions,
    private readonly clock: Clock,
  ) {
    for (const view of store.views()) this.told.set(view.key, changeSignature(toSnapshot(view)));
    this.owned.add(
      store.onDidChange(({ changed, removed }) => {
        for (const key of removed) this.told.delete(key);
        for (const view of changed) this.tell(toSnapshot(view));
      }),
    );
  }

  version1(): LocalBackendsApiV1 {
    const act = async (name: string, run: (view: BackendView) => Promise<BackendView>): Promise<BackendSnapshot> => {
      return toSnapshot(await run(await this.actions.resolve(name)));
    };
    return {
      apiVersion: 1,
      backends: () => this.store.views().map(toSnapshot),
      start: (name) => act(name, (view) => this.actions.start(view.key, 'api')),
      stop: (name) => act(name, (view) => this.actions.stop(view.key, 'stopped by another extension')),
      sleepNow: (name) => act(name, (view) => this.actions.sleepNow(view.key)),
      markActivity: async (name) => this.actions.markActivity((await this.actions.resolve(name)).key),
      hold: (name, reason) => this.hold(name, reason),
      onDidChangeBackend: (listener) => this.changes.event((snapshot) => void listener(snapshot)),
      waitForState: (name, state, options) => this.waitForState(name, state, options?.timeoutMs ?? defaultTimeoutMs),
    };
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** JavaScript calls it with anything; every view shows the reason. */
  private hold(name: string, reason: unknown): ApiDisposable {
    const said = typeof reason === 'string' ? plainText(reason) : '';
    const { key } = resolveBackend(this.store.views(), name);
    return this.actions.hold(key, 'api', said === '' ? 'another extension needs it' : said);
  }

  /** Countdowns that start again are no change; only what a listener could act on is told. */
  private tell(snapshot: BackendSnapshot): void {
    const signature = changeSignature(snapshot);
    if (this.told.get(snapshot.key) === signature) return;
    this.told.set(snapshot.key, signature);
    this.changes.fire(snapshot);
  }

  private async waitForState(
    name: string,
    wanted: BackendState | Predicate,
    timeoutMs: number,
  ): Promise<BackendSnapshot> {
    const matches: Predicate = typeof wanted === 'string' ? ({ state }) => state === wanted : wanted;
    const { key } = await this.actions.resolve(name);
    const found = await firstMatch(this.store, this.clock, key, matches, timeoutMs, typeof wanted !== 'string');
    if (found === undefined) throw this.timeout(key, name, wanted, timeoutMs);
    return found;
  }

  private timeout(key: string, name: string, wanted: BackendState | Predicate, timeoutMs: number): BackendFailure {
    const state = this.store.get(key)?.state ?? 'gone';
    const goal = typeof wanted === 'string' ? `"${wanted}"` : 'the expected state';
    return BackendFailure.of('readyTimeout', `"${name}" did not reach ${goal} within ${timeoutMs} ms; it is ${state}.`);
  }
}
