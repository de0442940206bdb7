import type { BackendView } from './snapshot';

/**
 * The view as it stands `elapsedMs` after it was received: countdowns have run down, waits have grown. Views
 * are sent on changes only, so whoever shows or hands out a time accounts for the age of the view.
 */
export function advanceView(view: BackendView, elapsedMs: number): BackendView {
  const { idle, spawnWait, restartInMs } = view;
  if (elapsedMs <= 0) return view;
  const less = (durationMs: number): number => Math.max(0, durationMs - elapsedMs);
  return {
    ...view,
    ...(idle !== undefined && idle.holds.length === 0 && { idle: { ...idle, remainingMs: less(idle.remainingMs) } }),
    ...(spawnWait !== undefined && {
      spawnWait: {
        ...spawnWait,
        elapsedMs: spawnWait.elapsedMs + elapsedMs,
        nextProbeInMs: less(spawnWait.nextProbeInMs),
      },
    }),
    ...(restartInMs !== undefined && { restartInMs: less(restartInMs) }),
  };
}
