/**
 * How long to wait before looking again whether a started backend is ready, and when to stop waiting.
 * Pure: the driver brings the facts of one probe and gets a decision. Evidence may make the driver look
 * earlier than the schedule says; such an extra look never moves the schedule.
 */

/** Pause after the first, second … scheduled probe, in milliseconds; the last one repeats. */
export const spawnWaitBackoffSequenceMs = [50, 100, 200, 500, 1000, 2000] as const;

const longestBackoffMs = Math.max(...spawnWaitBackoffSequenceMs);

/** Longest wait from spawn to ready unless the definition says otherwise, in milliseconds. */
export const defaultSpawnWaitHardCeilingMs = 60_000;

/** What one look at a starting backend found. */
export interface SpawnWaitProbe {
  /** Time since the spawn in milliseconds. */
  readonly elapsedMs: number;
  /** The started process, or a descendant that took over, still runs. */
  readonly daemonAlive: boolean;
  readonly endpointReady: boolean;
  /** Zero-based number of this scheduled probe. */
  readonly attempt: number;
}

export type SpawnWaitDecision =
  | { readonly kind: 'endpointReady' }
  | { readonly kind: 'daemonExitedBeforeReady' }
  | { readonly kind: 'timeout'; readonly hardCeilingMs: number }
  | { readonly kind: 'sleep'; readonly durationMs: number };

export class SpawnWaitPolicy {
  constructor(readonly hardCeilingMs: number = defaultSpawnWaitHardCeilingMs) {}

  /** A policy that gives up after `ms` milliseconds; 0 gives up at the first look that is not ready. */
  static withHardCeiling(ms: number): SpawnWaitPolicy {
    return new SpawnWaitPolicy(ms);
  }

  /** Pause in milliseconds after the scheduled probe `attempt` (zero-based), before the ceiling clips it. */
  backoffForAttempt(attempt: number): number {
    return spawnWaitBackoffSequenceMs[attempt] ?? longestBackoffMs;
  }

  /** The order matters: a backend that answers is ready even when it is late or its leader has gone. */
  decide(probe: SpawnWaitProbe): SpawnWaitDecision {
    if (probe.endpointReady) return { kind: 'endpointReady' };
    if (!probe.daemonAlive) return { kind: 'daemonExitedBeforeReady' };
    if (probe.elapsedMs >= this.hardCeilingMs) return { kind: 'timeout', hardCeilingMs: this.hardCeilingMs };
    const remainingMs = this.hardCeilingMs - probe.elapsedMs;
    return { kind: 'sleep', durationMs: Math.min(this.backoffForAttempt(probe.attempt), remainingMs) };
  }
}
