import { backendKey, type BackendKey } from '../model/backendDefinition';
import type { BackendState } from '../model/backendState';
import type { BackendRecord } from './backendRecord';
import type { HoldRegistry } from './holds';

/** States in which a backend needs its dependencies. */
export const needing: readonly BackendState[] = ['waiting', 'starting', 'ready', 'draining', 'stopping'];

/** Backends keep awake what they depend on. */
export class DependentHolds {
  /** For each backend: which it keeps awake. */
  private readonly needed = new Map<BackendKey, ReadonlySet<BackendKey>>();

  constructor(private readonly holds: HoldRegistry) {}

  /** A backend that is up, or on its way, keeps awake what it depends on; a finished one-shot no longer does. */
  follow(record: BackendRecord): void {
    const finished = record.definition.oneShot && record.state === 'ready';
    const names = needing.includes(record.state) && !finished ? record.definition.dependsOn : [];
    const wanted = new Set(names.map((name) => backendKey(record.folder.path, name)));
    const placed = this.needed.get(record.key) ?? new Set<BackendKey>();
    for (const key of placed) if (!wanted.has(key)) this.holds.release(dependentHoldId(record.key, key));
    for (const key of wanted) {
      if (placed.has(key)) continue;
      const reason = `${record.definition.name} depends on it`;
      this.holds.place({ id: dependentHoldId(record.key, key), key, owner: record.key, kind: 'dependent', reason });
    }
    this.needed.set(record.key, wanted);
  }

  forget(key: BackendKey): void {
    this.needed.delete(key);
  }
}

function dependentHoldId(dependent: BackendKey, dependency: BackendKey): string {
  return `${dependent} depends on ${dependency}`;
}
