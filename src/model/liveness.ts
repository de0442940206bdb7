/**
 * When a ready backend counts as not answering, and when to look again. One failed look is no verdict: a backend may be
 * busy, or restart itself. Never a reason to end it. Pure: the driver looks and sets the timer.
 */

/** Failed looks in a row before `ready` is withdrawn. */
const failuresToWithdraw = 3;
/** A doubt is settled soon. */
const doubtPauseMs = 1_000;
/** One that does not answer is looked at more often than one that does, so that its return is seen. */
const longestAbsencePauseMs = 5_000;

export interface LivenessDecision {
  /** Set when the verdict changes. */
  readonly verdict?: 'answering' | 'notAnswering';
  readonly nextLookInMs: number;
}

export class Liveness {
  private failures = 0;
  private withdrawn = false;

  constructor(private readonly periodMs: number) {}

  /** Pause before the first look, in milliseconds. */
  get firstLookInMs(): number {
    return this.periodMs;
  }

  looked(ok: boolean): LivenessDecision {
    if (ok) {
      const verdict = this.withdrawn ? ({ verdict: 'answering' } as const) : {};
      this.failures = 0;
      this.withdrawn = false;
      return { ...verdict, nextLookInMs: this.periodMs };
    }
    this.failures++;
    if (this.withdrawn) return { nextLookInMs: this.absencePauseMs };
    if (this.failures < failuresToWithdraw) return { nextLookInMs: Math.min(doubtPauseMs, this.periodMs) };
    this.withdrawn = true;
    return { verdict: 'notAnswering', nextLookInMs: this.absencePauseMs };
  }

  private get absencePauseMs(): number {
    return Math.min(longestAbsencePauseMs, this.periodMs);
  }
}
