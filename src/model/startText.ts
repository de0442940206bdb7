/** How starts, past and present, are told in words. */
import { formatDuration } from './countdown';
import { plainText } from './plainText';
import type { PastStarts, StartFacts, StartWait } from './snapshot';
import { expectStart } from './startExpectation';

const shownNames = 3;
/** A wait that is shorter is not worth telling. */
const worthTellingMs = 100;

/** `3.2 s (2.9 s to 4.5 s in 12 starts); 2 other starts failed, the last after 1 min`; undefined where there were none. */
export function pastStartsText(past: PastStarts | undefined): string | undefined {
  if (past === undefined) return undefined;
  const { readyMs, failedMs } = past;
  const expected = expectStart(readyMs);
  const failedLast = failedMs.at(-1);
  const parts = [
    ...(expected === undefined ? [] : [`${formatDuration(expected.typicalMs)}${rangeText(readyMs)}`]),
    ...(failedLast === undefined ? [] : [failedText(failedMs.length, failedLast, expected !== undefined)]),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** Alone, it says that there is nothing usual yet. */
function failedText(count: number, lastMs: number, others: boolean): string {
  const after = formatDuration(lastMs);
  if (!others)
    return count === 1
      ? `not known yet: the only start failed after ${after}`
      : `not known yet: all ${count} starts failed, the last after ${after}`;
  return count === 1 ? `1 other start failed, after ${after}` : `${count} other starts failed, the last after ${after}`;
}

function rangeText(readyMs: readonly number[]): string {
  if (readyMs.length < 2) return '';
  const [least, most] = [Math.min(...readyMs), Math.max(...readyMs)];
  return ` (${formatDuration(least)} to ${formatDuration(most)} in ${readyMs.length} starts)`;
}

/** `3.1 s for migrate, 2 s for its turn`; undefined when it had to wait for nothing. */
export function waitsText(start: StartFacts | undefined): string | undefined {
  const waits = (start?.waits ?? []).filter((wait) => wait.waitedMs >= worthTellingMs);
  return waits.length === 0 ? undefined : waits.map(waitText).join(', ');
}

/** The wait that held the start up longest; undefined when nothing did. */
export function longestWait(start: StartFacts | undefined): StartWait | undefined {
  const waits = (start?.waits ?? []).filter((wait) => wait.waitedMs >= worthTellingMs);
  return waits.sort((a, b) => b.waitedMs - a.waitedMs)[0];
}

/** `3.1 s for migrate`, `2 s for its turn behind api, web`. */
export function waitText({ dependency, behind = [], waitedMs }: StartWait): string {
  const turn = behind.length === 0 ? 'its turn' : `its turn behind ${namesInShort(behind)}`;
  return `${formatDuration(waitedMs)} for ${dependency === undefined ? turn : plainText(dependency)}`;
}

/** `api, web, db and 2 more`. */
export function namesInShort(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map((name) => plainText(name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
