/**
 * When which backend has been unused for long enough to go to sleep.
 * Pure: all times are milliseconds of one monotonic clock that the caller reads. Nothing here starts,
 * stops or waits; the driver sets one timer for `nextDeadlineMs()` and then collects.
 */
import { LeaseTable } from './leaseTable';

/** Idle timeout of a backend that names none, in milliseconds. */
export const defaultBackendIdleTimeoutMs = 30_000;

/**
 * Why a backend is put to sleep.
 * @public
 */
export type QuiesceReason = 'idleTimeout' | 'brokerShutdown' | 'maintenance';

/** Milliseconds without activity after which a backend is idle (0 counts as 1), or 'never'. */
export type IdleTimeout = number | 'never';

export type IdleState = 'running' | 'draining' | 'quiesced';

/** A backend whose idle timeout has passed; it is `draining` from now on. */
export interface IdleDue {
  readonly key: string;
  /** Time since the last activity, never negative. */
  readonly idleForMs: number;
  readonly configuredTimeoutMs: number;
  readonly reason: QuiesceReason;
}

interface Entry {
  lastActiveMs: number;
  /** Infinity: never idle. */
  timeoutMs: number;
  state: IdleState;
}

export class BackendIdlePolicy {
  readonly defaultIdleTimeoutMs: number;

  constructor(defaultIdleTimeoutMs: number = defaultBackendIdleTimeoutMs) {
    this.defaultIdleTimeoutMs = atLeastOneMs(defaultIdleTimeoutMs);
  }
}

export class BackendIdleCoordinator {
  private readonly entries = new Map<string, Entry>();
  private readonly leases = new LeaseTable();

  constructor(private readonly policy = new BackendIdlePolicy()) {}

  /** Activity now, under the default timeout; the backend is running again, whatever it was. */
  markActivity(key: string, nowMs: number): void {
    this.markActivityWithTimeout(key, nowMs, this.policy.defaultIdleTimeoutMs);
  }

  /** Activity now, under the backend's own timeout; the backend is running again, whatever it was. */
  markActivityWithTimeout(key: string, nowMs: number, idleTimeoutMs: IdleTimeout): void {
    const timeoutMs = idleTimeoutMs === 'never' ? Infinity : atLeastOneMs(idleTimeoutMs);
    this.entries.set(key, { lastActiveMs: nowMs, timeoutMs, state: 'running' });
  }

  /** True when the backend is tracked. */
  markDraining(key: string): boolean {
    return this.setState(key, 'draining');
  }

  /** True when the backend is tracked. */
  markQuiesced(key: string): boolean {
    return this.setState(key, 'quiesced');
  }

  /**
   * True when the backend was tracked. Leases stay with their holders and count again when the backend
   * is tracked again: a person who keeps a backend awake need not ask anew after a restart.
   */
  removeBackend(key: string): boolean {
    return this.entries.delete(key);
  }

  /**
   * Activity without end, until `releaseLease`. Fresh on a draining backend it cancels the drain; a quiesced
   * one stays asleep, because a lease is no start. Taking a lease that is held already changes nothing.
   */
  acquireLease(key: string, leaseId: string, nowMs: number): void {
    if (!this.leases.acquire(key, leaseId)) return;
    const entry = this.entries.get(key);
    if (entry === undefined || entry.state === 'quiesced') return;
    entry.lastActiveMs = nowMs;
    entry.state = 'running';
  }

  /**
   * Ends a lease; the end of the last one counts as activity then. True when the lease was held.
   * It never cancels a drain: connections that close because of the drain are no sign of use.
   */
  releaseLease(key: string, leaseId: string, nowMs: number): boolean {
    if (!this.leases.release(key, leaseId)) return false;
    const entry = this.entries.get(key);
    if (entry !== undefined) entry.lastActiveMs = nowMs;
    return true;
  }

  /**
   * Starts every running countdown anew. For a clock that cannot be trusted to tell how long nothing
   * happened: the machine slept, or the process was frozen.
   */
  restartCountdowns(nowMs: number): void {
    for (const entry of this.entries.values()) entry.lastActiveMs = nowMs;
  }

  /** Backends due now, by deadline, then key. They become draining: each is told once per quiet period. */
  collectDueForQuiesce(nowMs: number): IdleDue[] {
    const due = [...this.entries]
      .filter(([key, entry]) => this.countsDown(key, entry) && idleForMs(entry, nowMs) >= entry.timeoutMs)
      .sort(([keyA, a], [keyB, b]) => deadlineMs(a) - deadlineMs(b) || (keyA < keyB ? -1 : 1));
    return due.map(([key, entry]) => {
      entry.state = 'draining';
      return { key, idleForMs: idleForMs(entry, nowMs), configuredTimeoutMs: entry.timeoutMs, reason: 'idleTimeout' };
    });
  }

  /** When the next backend becomes due, on the clock of `nowMs`; undefined when none can without new facts. */
  nextDeadlineMs(): number | undefined {
    let next = Infinity;
    for (const [key, entry] of this.entries) {
      if (this.countsDown(key, entry)) next = Math.min(next, deadlineMs(entry));
    }
    return next === Infinity ? undefined : next;
  }

  /** Milliseconds until the backend is due, 0 to its timeout; undefined when no countdown runs. */
  remainingMs(key: string, nowMs: number): number | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || !this.countsDown(key, entry)) return undefined;
    return Math.max(0, entry.timeoutMs - idleForMs(entry, nowMs));
  }

  /** Undefined when the backend is not tracked. */
  stateOf(key: string): IdleState | undefined {
    return this.entries.get(key)?.state;
  }

  private countsDown(key: string, entry: Entry): boolean {
    return entry.state === 'running' && entry.timeoutMs !== Infinity && !this.leases.isHeld(key);
  }

  private setState(key: string, state: IdleState): boolean {
    const entry = this.entries.get(key);
    if (entry === undefined) return false;
    entry.state = state;
    return true;
  }
}

/** A timeout of zero would put a backend to sleep in the very moment it was used. */
function atLeastOneMs(timeoutMs: number): number {
  return timeoutMs >= 1 ? timeoutMs : 1;
}

/** A clock that went backwards means that nothing is known of the time between: no idle time. */
function idleForMs(entry: Entry, nowMs: number): number {
  return Math.max(0, nowMs - entry.lastActiveMs);
}

function deadlineMs(entry: Entry): number {
  return entry.lastActiveMs + entry.timeoutMs;
}
