/**
 * When to look whether something new listens, and what to do about it. Looking at the kernel's count of sockets costs
 * microseconds, so it is done often; everything dearer waits until the count has moved, and a governor keeps what that
 * costs to a share of one core. Pure: the driver brings counts, costs and times.
 */

/** With no more starts than this in progress each is probed; with more the kernel's table tells which. */
export const fewSubjects = 12;
/** A change can be missed when one socket closes as another opens: after this long without a look there is one. */
export const longestUnlookedMs = 1_000;
const youngMs = 20_000;
const youngShare = 0.1;
const oldShare = 0.02;
const longestRestMs = 500;

/** A start that is never ready so soon is looked at so often. */
const earlyPeriodMs = 50;
/** One that always said so itself; the gate stands by for the day on which it does not. */
const announcedPeriodMs = 100;

const shortestGatePeriodMs = 10;
export const longestGatePeriodMs = 30;
const crowdPeriodMs = 25;

/** What past starts of the same backend let expect. */
export interface UsualStart {
  /** None of them was ready before this age. */
  readonly notBeforeMs?: number;
  /** They printed something at the moment they were ready. */
  readonly saysSo?: boolean;
}

/**
 * Pause between two looks at the count, in milliseconds. A start that is fresh changes fast; one that has taken seconds is
 * hardly longer for being noticed a few milliseconds later, and each look wakes a processor.
 */
export function gatePeriodMs(ageMs: number, { notBeforeMs = 0, saysSo = false }: UsualStart = {}): number {
  if (saysSo) return announcedPeriodMs;
  // The first look after that moment comes soon after it, however soon after the spawn that is.
  if (ageMs < notBeforeMs) return clamp(notBeforeMs - ageMs, shortestGatePeriodMs, earlyPeriodMs);
  return clamp(ageMs * 0.012, shortestGatePeriodMs, longestGatePeriodMs);
}

/** The same for many that may be ready any moment: one look serves them all. `periodMs`: the shortest of theirs. */
export function crowdGatePeriodMs(periodMs: number, waiting: number): number {
  return waiting > fewSubjects ? Math.min(periodMs, crowdPeriodMs) : periodMs;
}

/** The same where there is no such count, and each look is a probe. */
export function blindGatePeriodMs(youngestAgeMs: number): number {
  return clamp(youngestAgeMs * 0.05, 25, 100);
}

export type GateAction = 'nothing' | 'probeAll' | 'readTable';

export interface GateFacts {
  readonly nowMs: number;
  /** The kernel's count of sockets; undefined where there is none. */
  readonly count: string | undefined;
}

export class ListenGate {
  private lastCount: string | undefined;
  private lastActionMs = Number.NEGATIVE_INFINITY;
  private restUntilMs = Number.NEGATIVE_INFINITY;
  /** A change was seen that has not been acted upon. */
  private changed = false;

  /** Whether there is a reason to act; told so often that it has to be cheap. */
  isDue({ nowMs, count }: GateFacts): boolean {
    if (this.lastCount !== undefined && count !== this.lastCount) this.changed = true;
    this.lastCount = count;
    const due = count === undefined || this.changed || nowMs - this.lastActionMs >= longestUnlookedMs;
    return due && nowMs >= this.restUntilMs;
  }

  /** The count has moved since the last action, or there is none. */
  get hasMoved(): boolean {
    return this.changed || this.lastCount === undefined;
  }

  /** Something may have changed before anybody watched. */
  missed(): void {
    this.changed = true;
  }

  /** What to do for so many starts that wait for a listener. */
  act(subjects: number, nowMs: number): GateAction {
    if (subjects === 0) return 'nothing';
    this.changed = false;
    this.lastActionMs = nowMs;
    return this.lastCount !== undefined && subjects > fewSubjects ? 'readTable' : 'probeAll';
  }

  /** What the last action cost in processor time: the next one waits until that is a small share of it. */
  spent(costMs: number, { nowMs, youngestAgeMs }: { readonly nowMs: number; readonly youngestAgeMs: number }): void {
    const share = youngestAgeMs < youngMs ? youngShare : oldShare;
    this.restUntilMs = nowMs + Math.min(longestRestMs, Math.max(0, costMs) / share);
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
