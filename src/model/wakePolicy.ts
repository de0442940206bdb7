/**
 * A backend that is woken again and again a moment after it fell asleep is used by somebody whom its idle timeout
 * does not fit. Pure: times are milliseconds of one monotonic clock.
 */

/** Woken within this long of falling asleep, it should not have slept. */
export const tooSoonMs = 10_000;
/** So many wakes that came too soon within this long double the timeout. */
export const flapsUntilLonger = 3;
export const flapWindowMs = 600_000;
/** No timeout grows beyond this; a longer one stays as it is. */
export const longestStretchedMs = 600_000;
/** A sleep that lasts this long shows that the timeout fits again. */
export const calmSleepMs = 600_000;

export type WakeVerdict =
  | { readonly kind: 'calm' }
  /** From now on the timeout is longer; `waker` came too soon for the last of `times`. */
  | { readonly kind: 'stretched'; readonly waker: string; readonly times: number };

export class WakePolicy {
  private sleptAtMs: number | undefined;
  private flapsMs: readonly number[] = [];
  private doublings = 0;
  private waker: string | undefined;

  /** It fell asleep by itself. */
  slept(nowMs: number): void {
    this.sleptAtMs = nowMs;
  }

  /** Something wants it back. `waker` in words: `GET / (curl, pid 812)`. */
  woken(nowMs: number, waker: string): WakeVerdict {
    const sleptMs = this.sleptAtMs === undefined ? undefined : nowMs - this.sleptAtMs;
    this.sleptAtMs = undefined;
    if (sleptMs === undefined) return { kind: 'calm' };
    if (sleptMs >= calmSleepMs) this.forget();
    if (sleptMs > tooSoonMs) return { kind: 'calm' };
    this.flapsMs = [...this.flapsMs.filter((atMs) => nowMs - atMs <= flapWindowMs), nowMs];
    if (this.flapsMs.length < flapsUntilLonger) return { kind: 'calm' };
    const times = this.flapsMs.length;
    this.flapsMs = [];
    this.doublings++;
    this.waker = waker;
    return { kind: 'stretched', waker, times };
  }

  /** A person stopped it: what was learned of its use is old. */
  forget(): void {
    this.sleptAtMs = undefined;
    this.flapsMs = [];
    this.doublings = 0;
    this.waker = undefined;
  }

  /** The idle timeout that holds now, from the configured one. */
  timeoutMs(configuredMs: number): number {
    return Math.min(configuredMs * 2 ** this.doublings, Math.max(configuredMs, longestStretchedMs));
  }

  /** Who woke it too soon, when the timeout is longer because of that. */
  get stretchedBecauseOf(): string | undefined {
    return this.waker;
  }
}
