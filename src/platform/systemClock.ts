import type { Clock } from '../base/clock';
import { toDisposable } from '../base/lifecycle';

/** Node fires at once, with a warning, when asked for more than this. */
const longestDelayMs = 2 ** 31 - 1;

/** The real clock. Made once by the composition root and passed on. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    setTimer: (delayMs, run) => {
      const timer = setTimeout(run, Math.min(Math.max(delayMs, 0), longestDelayMs));
      return toDisposable(() => clearTimeout(timer));
    },
  };
}
