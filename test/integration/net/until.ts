import { setTimeout as pause } from 'node:timers/promises';

/** Looks again until it holds; a condition that never holds fails after `killMs` with the last look. */
export async function until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, killMs = 5_000): Promise<T> {
  const endMs = performance.now() + killMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > endMs) throw new Error(`still not so after ${killMs} ms: ${JSON.stringify(seen)}`);
    await pause(10);
  }
}
