import type { Clock } from './clock';
import { DisposableStore } from './lifecycle';

/** Resolves when `done` has settled, or the time is up; never rejects. */
export async function within(clock: Clock, limitMs: number, done: Promise<unknown>): Promise<void> {
  const owned = new DisposableStore();
  const late = new Promise<void>((resolve) => owned.add(clock.setTimer(limitMs, resolve)));
  await Promise.race([done.catch(() => {}), late]);
  owned.dispose();
}
