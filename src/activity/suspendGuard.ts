import { durationInWords } from '../platform/net/duration';

/** A tick that comes later than this has slept or starved: what it finds says nothing of the time between. */
export const lateTickMs = 250;
/** The monotonic clock stands still while a laptop sleeps, the wall clock does not. */
export const clockDisagreementMs = 2_000;

export interface TickFacts {
  /** Monotonic time at which the tick was due, and came. */
  readonly expectedMs: number;
  readonly actualMs: number;
  /** How far each clock went since the timer was set. */
  readonly monotonicDeltaMs: number;
  readonly wallDeltaMs: number;
}

export type TickVerdict = { readonly kind: 'judge' } | { readonly kind: 'rearm'; readonly why: string };

/** Whether an idle verdict may be passed on this tick, or all countdowns must begin again. */
export function judgeTick(tick: TickFacts): TickVerdict {
  const apartMs = Math.abs(tick.wallDeltaMs - tick.monotonicDeltaMs);
  if (apartMs > clockDisagreementMs) {
    return { kind: 'rearm', why: `the computer slept or its clock was set (${durationInWords(apartMs)})` };
  }
  const lateMs = tick.actualMs - tick.expectedMs;
  if (lateMs > lateTickMs) return { kind: 'rearm', why: `the timer came ${durationInWords(lateMs)} late` };
  return { kind: 'judge' };
}
