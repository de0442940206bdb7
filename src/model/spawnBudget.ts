/**
 * How often a backend may be started without a person asking. Pure: `nowMs` is monotonic milliseconds.
 * Only automatic restarts and wakes spend it.
 */

export interface SpawnBudgetOptions {
  /** Starts per window and backend, at least 1. */
  readonly maxAttempts?: number;
  /** Length of the window in milliseconds, at least 1. */
  readonly windowMs?: number;
}

export type SpawnBudgetDecision =
  /** `attempt` is the one-based number of this start in its window. Call `finish` when it ends. */
  | { readonly kind: 'begun'; readonly attempt: number }
  | { readonly kind: 'alreadyInProgress' }
  /** `isStorm` is true for the first refusal of a window only, so that a storm is reported once. */
  | { readonly kind: 'exhausted'; readonly retryAfterMs: number; readonly isStorm: boolean };

interface Spent {
  windowStartMs: number;
  attempts: number;
  stormReported: boolean;
  inProgress: boolean;
}

export class SpawnBudget {
  private readonly maxAttempts: number;
  private readonly windowMs: number;
  private readonly spentByKey = new Map<string, Spent>();

  constructor({ maxAttempts = 3, windowMs = 30_000 }: SpawnBudgetOptions = {}) {
    this.maxAttempts = Math.max(1, maxAttempts);
    this.windowMs = Math.max(1, windowMs);
  }

  tryBegin(key: string, nowMs: number): SpawnBudgetDecision {
    const spent = this.spentByKey.get(key) ?? freshWindow(nowMs);
    this.spentByKey.set(key, spent);
    this.enterCurrentWindow(spent, nowMs);
    if (spent.inProgress) return { kind: 'alreadyInProgress' };
    if (spent.attempts >= this.maxAttempts) {
      const isStorm = !spent.stormReported;
      spent.stormReported = true;
      return { kind: 'exhausted', retryAfterMs: this.windowMs - elapsedMs(spent, nowMs), isStorm };
    }
    spent.attempts += 1;
    spent.inProgress = true;
    return { kind: 'begun', attempt: spent.attempts };
  }

  /** Ends the start in progress; a success gives the whole budget back. */
  finish(key: string, outcome: 'success' | 'failure', nowMs: number): void {
    const spent = this.spentByKey.get(key);
    if (spent === undefined) return;
    this.enterCurrentWindow(spent, nowMs);
    spent.inProgress = false;
    if (outcome === 'success') Object.assign(spent, freshWindow(nowMs));
  }

  /** A new window forgets attempts, never a start that still runs: it may take longer than the window. */
  private enterCurrentWindow(spent: Spent, nowMs: number): void {
    if (elapsedMs(spent, nowMs) < this.windowMs) return;
    Object.assign(spent, { ...freshWindow(nowMs), inProgress: spent.inProgress });
  }
}

function freshWindow(nowMs: number): Spent {
  return { windowStartMs: nowMs, attempts: 0, stormReported: false, inProgress: false };
}

function elapsedMs(spent: Spent, nowMs: number): number {
  return Math.max(0, nowMs - spent.windowStartMs);
}
