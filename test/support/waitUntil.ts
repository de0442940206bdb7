import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a condition that gives no event, looking every few milliseconds. Resolves to what the condition returned;
 * rejects with `what`, as it is then, after `timeoutMs`.
 */
export async function waitUntil<T>(
  what: string | (() => string),
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() >= endMs) {
      throw new Error(`waited ${timeoutMs} ms in vain: ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(10);
  }
}
