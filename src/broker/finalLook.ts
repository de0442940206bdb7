/** The look on which a sleep is decided. What it saw must still be true when the first signal is sent. */
import { judgeTick } from '../activity/suspendGuard';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';

/** A look takes milliseconds; one that takes longer than this was interrupted. */
const longestLookMs = 750;
const mostLooks = 3;

/**
 * Why it must stay awake, in words; undefined: it may sleep, decided in this very turn. After the look come two
 * turns of the event loop in which what has already arrived can speak. A process that was frozen in between
 * looks again: whatever came meanwhile would be judged by an old look.
 */
export async function finalLook(
  clock: Clock,
  whyAwake: () => Promise<string | undefined>,
): Promise<string | undefined> {
  for (let look = 0; look < mostLooks; look++) {
    const begun = { nowMs: clock.nowMs(), wallMs: clock.wallMs() };
    // What cannot be looked at is not known to be idle.
    const because = await whyAwake().catch((error: unknown) => `it could not be looked at (${errorMessage(error)})`);
    await nextTurn();
    await nextTurn();
    const nowMs = clock.nowMs();
    const judged = judgeTick({
      expectedMs: begun.nowMs + longestLookMs,
      actualMs: nowMs,
      monotonicDeltaMs: nowMs - begun.nowMs,
      wallDeltaMs: clock.wallMs() - begun.wallMs,
    });
    if (because !== undefined || judged.kind === 'judge') return because;
  }
  return 'this computer is too busy to tell whether it is used';
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
