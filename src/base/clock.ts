import type { Disposable } from './lifecycle';

/**
 * The one place that tells time and sets timers; tests pass a fake.
 * `nowMs` is monotonic (durations), `wallMs` is epoch milliseconds (display only).
 */
export interface Clock {
  nowMs(): number;
  wallMs(): number;
  /** Runs `run` once after `delayMs` (clamped to 0 … 2^31-1). */
  setTimer(delayMs: number, run: () => void): Disposable;
}
