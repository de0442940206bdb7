/** When to look at the connection table next; pure. */

/** The table remembers a closed connection for 60 s; ten seconds of that are for a late timer. */
export const longestGapMs = 50_000;
/** How often the end of an open connection is looked for, as a part of the idle timeout, and its bounds. */
const heldLooksPerTimeout = 3;
const shortestHeldGapMs = 1_000;
/** While a person watches the countdown it should not tick past an open connection for long. */
const watchedGapMs = 5_000;
/** CPU is judged over this long before a deadline, or over half of a shorter idle timeout. */
export const cpuWindowMs = 10_000;

/** One ready backend that can go to sleep; those that never sleep are not listed. */
export interface SamplingFacts {
  readonly idleTimeoutMs: number;
  /** Time to its deadline; undefined: something holds it awake. */
  readonly remainingMs?: number;
  /** The hold (or one of them) is an open connection, whose end only a look can show. */
  readonly heldByConnection: boolean;
  /** CPU of its tree counts as activity. */
  readonly cpu: boolean;
}

/**
 * Time to the next look in ms, from the time since the last one; undefined: none is needed. A look falls on
 * each deadline, so that a verdict never rests on an old one, and no gap is so long that a short connection
 * could come and be forgotten in it. Held by anything but a connection: nothing to find out.
 */
export function nextSampleInMs(
  backends: readonly SamplingFacts[],
  sinceLastMs: number,
  watched: boolean,
): number | undefined {
  let next: number | undefined;
  for (const backend of backends) {
    for (const dueMs of dueTimes(backend, sinceLastMs, watched)) {
      const clipped = Math.max(0, dueMs);
      next = next === undefined ? clipped : Math.min(next, clipped);
    }
  }
  return next;
}

function dueTimes(backend: SamplingFacts, sinceLastMs: number, watched: boolean): number[] {
  const gapMs = watched ? watchedGapMs : longestGapMs;
  if (backend.remainingMs === undefined) {
    if (!backend.heldByConnection) return [];
    const heldGapMs = Math.max(shortestHeldGapMs, backend.idleTimeoutMs / heldLooksPerTimeout);
    return [Math.min(gapMs, heldGapMs) - sinceLastMs];
  }
  const cpuLookMs = backend.remainingMs - Math.min(cpuWindowMs, backend.idleTimeoutMs / 2);
  const looks = [gapMs - sinceLastMs, backend.remainingMs];
  return backend.cpu && cpuLookMs > 0 ? [...looks, cpuLookMs] : looks;
}
