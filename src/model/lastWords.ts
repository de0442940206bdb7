import { plainText } from './plainText';

/** A line that names a mistake says more than the stack below it, or the version that some runtimes print last. */
const tellsWhy = /\b(\w*error|\w*exception|fatal|panic|cannot|could not|failed|not found|denied|missing)\b/i;
/** A count of none, and what npm appends to every failure of its own. */
const tellsNothing =
  /\b(0|no|without) (errors?|failed|failures?)\b|^npm (error|ERR!)(\s*$| +A complete log| +To see a list| +code | +npm run)/i;

/** What a program said at its end, for a message that has no room for all of it. */
export function lastWords(logTail: readonly string[]): string {
  const said = logTail.filter((line) => line.trim() !== '');
  const telling = said.filter((one) => !tellsNothing.test(one));
  const line = telling.findLast((one) => tellsWhy.test(one)) ?? telling.at(-1) ?? said.at(-1);
  return line === undefined ? 'It printed nothing.' : `It printed: ${plainText(line)}`;
}
