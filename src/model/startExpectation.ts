/** What past starts let expect of the next one. Pure; durations in milliseconds. */

export interface StartExpectation {
  /** The median of the starts that became ready. */
  readonly typicalMs: number;
  /** A start that takes longer than this is much slower than usual; undefined while too little is known. */
  readonly slowAfterMs?: number;
  /** When one extra look is worth while; undefined while too little is known, or the starts differ too much. */
  readonly probeAtMs?: number;
  /** No start is expected to be ready before this. */
  readonly notBeforeMs: number;
  /** They printed something at the moment they were ready. */
  readonly saysSo?: true;
}

/** Fewer starts than this say what is typical, but not what is unusual. */
const enoughStarts = 3;
/** The look comes this long before the moment a quarter of the starts were ready at: a probe takes a moment itself. */
const leadMs = 5;
/** A start may be so much sooner than the soonest one: caches are warm, less else is going on. */
const soonerFactor = 0.6;
/** So many of the last starts are asked whether they said so themselves. */
const lastSayings = 3;
/** Slower than usual means at least this factor, and at least this much, above the typical and the slow ones. */
const slowFactor = 2;
const slowAtLeastMs = 1_000;
const aboveSlowest = 1.25;
/** Starts that differ more than this in their middle half have no moment worth a look of its own. */
const steadyFactor = 1.5;

/**
 * `readyMs`: how long past starts took until ready, in any order. `saidSo`: of the last of them, newest last, whether
 * each printed something at that moment. Undefined where there are none.
 */
export function expectStart(readyMs: readonly number[], saidSo: readonly boolean[] = []): StartExpectation | undefined {
  const sorted = [...readyMs].sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const typicalMs = quantile(sorted, 0.5);
  const last = saidSo.slice(-lastSayings);
  const says = last.length > 0 && last.every((said) => said);
  const known = {
    typicalMs,
    notBeforeMs: Math.floor(quantile(sorted, 0) * soonerFactor),
    ...(says && { saysSo: says }),
  };
  if (sorted.length < enoughStarts) return known;
  const earlyMs = quantile(sorted, 0.25);
  const slowAfterMs = Math.max(
    typicalMs * slowFactor,
    typicalMs + slowAtLeastMs,
    Math.round(quantile(sorted, 0.9) * aboveSlowest),
  );
  const steady = quantile(sorted, 0.75) <= earlyMs * steadyFactor;
  return { ...known, slowAfterMs, ...(steady && { probeAtMs: Math.max(0, earlyMs - leadMs) }) };
}

/** The value that this share of the sorted list does not exceed; the lower one between two. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
