/** What is said of a start of several backends once all of them have settled. */
import { formatDuration } from './countdown';
import { plainText } from './plainText';
import type { StartFacts } from './snapshot';
import { longestWait, waitText } from './startText';

export interface StartResult {
  readonly name: string;
  readonly outcome: 'ready' | 'failed' | 'cancelled';
  readonly start?: StartFacts;
}

/**
 * `5 backends ready in 8.4 s; web waited 3.1 s for migrate; longest: web 4.2 s`, and `3 of 5 backends ready in
 * 8.4 s; failed: db, jobs` when not all of them came.
 */
export function startSummary(results: readonly StartResult[], elapsedMs: number): string {
  const named = (outcome: StartResult['outcome']): string[] =>
    results.filter((result) => result.outcome === outcome).map((result) => plainText(result.name));
  const ready = named('ready').length;
  const count = ready === results.length ? `${ready}` : `${ready} of ${results.length}`;
  const noun = results.length === 1 ? 'backend' : 'backends';
  const parts = [`${count} ${noun} ready in ${formatDuration(elapsedMs)}`];
  for (const outcome of ['failed', 'cancelled'] as const) {
    const names = named(outcome);
    if (names.length > 0) parts.push(`${outcome}: ${names.join(', ')}`);
  }
  return [...parts, ...waitPart(results), ...longestPart(results)].join('; ');
}

function waitPart(results: readonly StartResult[]): string[] {
  const waited = results.flatMap(({ name, start }) => {
    const wait = longestWait(start);
    return wait === undefined ? [] : [{ name, wait }];
  });
  const [longest] = waited.sort((a, b) => b.wait.waitedMs - a.wait.waitedMs);
  return longest === undefined ? [] : [`${plainText(longest.name)} waited ${waitText(longest.wait)}`];
}

/** With one alone it is the whole. */
function longestPart(results: readonly StartResult[]): string[] {
  const started = results.flatMap(({ name, outcome, start }) =>
    outcome === 'ready' && start?.readyAfterMs !== undefined ? [{ name, readyAfterMs: start.readyAfterMs }] : [],
  );
  const [longest, another] = started.sort((a, b) => b.readyAfterMs - a.readyAfterMs);
  if (longest === undefined || another === undefined) return [];
  return [`longest: ${plainText(longest.name)} ${formatDuration(longest.readyAfterMs)}`];
}
