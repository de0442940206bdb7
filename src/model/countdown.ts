/** How durations and countdowns are written, and when what is written changes. No clock: time goes in. */

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/**
 * The value that a row shows for `remainingMs`: rounded up to minutes above 2 min, to 10 s above 30 s, to
 * 5 s below. Steps, because a row that is refreshed loses its hover text and the click in progress.
 */
export function countdownStep(remainingMs: number): number {
  const left = Math.max(0, remainingMs);
  const step = stepFor(left);
  return Math.ceil(left / step) * step;
}

/** Milliseconds until `countdownStep` gives another value; undefined when it never will. */
export function nextChangeInMs(remainingMs: number): number | undefined {
  if (remainingMs <= 0) return undefined;
  return remainingMs - (countdownStep(remainingMs) - stepFor(remainingMs));
}

/** The same for a countdown in seconds, as `formatClock` writes it. */
export function nextSecondInMs(remainingMs: number): number | undefined {
  if (remainingMs <= 0) return undefined;
  return remainingMs % secondMs || secondMs;
}

function stepFor(remainingMs: number): number {
  if (remainingMs > 2 * minuteMs) return minuteMs;
  return remainingMs > 30 * secondMs ? 10 * secondMs : 5 * secondMs;
}

/** `0.5 s`, `20 s`, `1 min 50 s`, `2 min`, `1 h 5 min`: two units at most, to the nearest; `0 s` is really none. */
export function formatDuration(durationMs: number): string {
  const duration = Math.max(0, durationMs);
  const tenths = duration > 0 ? Math.max(1, Math.round(duration / 100)) : 0;
  if (tenths < 100) return `${tenths / 10} s`;
  const seconds = Math.round(duration / secondMs);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(duration / minuteMs);
  return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `0:48`, `12:05`, `1:02:03`: whole seconds, rounded up so that zero means now. */
export function formatClock(remainingMs: number): string {
  const total = Math.ceil(Math.max(0, remainingMs) / secondMs);
  const hours = Math.floor((total * secondMs) / hourMs);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = String(total % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`;
}
