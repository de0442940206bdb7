/** Whether, and after what pause, a backend that ended by itself is started again. */

const restartBackoff = {
  firstMs: 1_000,
  factor: 2,
  capMs: 30_000,
  /** Ready for at least this long: the end is a new trouble, and the pauses begin anew. */
  resetAfterReadyMs: 30_000,
  /** Becoming ready is no success when it ends again within this. */
  soonAfterReadyMs: 10_000,
  /** So many restarts of one that ends soon after it was ready; then it is a storm. */
  soonRestarts: 3,
} as const;

/** How a backend ended. */
export interface EndFacts {
  readonly policy: 'never' | 'onFailure';
  readonly exit: { readonly code?: number; readonly signal?: string };
  /** How long it had been ready, in milliseconds; undefined when it never was. */
  readonly readyForMs?: number;
  /** Someone asked for the end: a stop, a sleep, a cancelled start. */
  readonly stopRequested: boolean;
}

export type RestartDecision =
  /** `attempt` is the one-based number of this restart since the backend last ran well. */
  | { readonly kind: 'restart'; readonly delayMs: number; readonly attempt: number }
  | {
      readonly kind: 'giveUp';
      readonly reason: 'stopRequested' | 'policyNever' | 'exitedCleanly' | 'endsSoonAfterReady';
    };

/** Immutable: keep `after(decision)` for the next end, and `RestartPolicy.fresh` after a start by a person. */
export class RestartPolicy {
  static readonly fresh = new RestartPolicy(0);

  private constructor(private readonly restarts: number) {}

  decide(facts: EndFacts): RestartDecision {
    if (facts.stopRequested) return { kind: 'giveUp', reason: 'stopRequested' };
    if (facts.policy === 'never') return { kind: 'giveUp', reason: 'policyNever' };
    if (facts.exit.code === 0) return { kind: 'giveUp', reason: 'exitedCleanly' };
    const ranWell = facts.readyForMs !== undefined && facts.readyForMs >= restartBackoff.resetAfterReadyMs;
    const attempt = (ranWell ? 0 : this.restarts) + 1;
    const endedSoon = facts.readyForMs !== undefined && facts.readyForMs < restartBackoff.soonAfterReadyMs;
    if (endedSoon && attempt > restartBackoff.soonRestarts) return { kind: 'giveUp', reason: 'endsSoonAfterReady' };
    return { kind: 'restart', delayMs: delayMs(attempt), attempt };
  }

  after(decision: RestartDecision): RestartPolicy {
    return decision.kind === 'restart' ? new RestartPolicy(decision.attempt) : RestartPolicy.fresh;
  }
}

function delayMs(attempt: number): number {
  return Math.min(restartBackoff.firstMs * restartBackoff.factor ** (attempt - 1), restartBackoff.capMs);
}
