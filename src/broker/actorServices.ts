/** What one backend's actor needs of the others, and how it is asked to sleep. */
import type { SpawnBudget } from '../model/spawnBudget';
import type { BackendRecord } from './backendRecord';
import type { StartServices } from './startParams';

/** Why a backend is put to sleep: its countdown ran out, or a person asked for it now. */
export interface SleepReason {
  readonly words: string;
  /** Asked by the person: only what someone relies on (dependents, debugger, API) may refuse. */
  readonly asked: boolean;
}

export interface AwakeLook {
  /** As in {@link SleepReason}. */
  readonly asked: boolean;
  /** What its processes do at this moment says nothing: they were asked something. */
  readonly withoutWork: boolean;
}

export interface ActorServices extends StartServices {
  readonly budget: SpawnBudget;
  /** Whether a window that has the folder open trusts it. */
  isTrusted(record: BackendRecord): boolean;
  /** Why it must not sleep now, in words; undefined when it may. */
  whyAwake(record: BackendRecord, look: AwakeLook): Promise<string | undefined>;
  /** The same of its gateway, at this very moment. */
  busyNow(record: BackendRecord): string | undefined;
  /** Resolves when nothing is left of runs of it that nobody took over. */
  oldRunsGone(record: BackendRecord): Promise<unknown>;
  /** Closes the way through its gateway. */
  closeGate(record: BackendRecord): void;
  /** Lets requests in flight through its gateway come to their end, while newcomers wait; false: that takes too long. */
  settle(record: BackendRecord): Promise<boolean>;
}
