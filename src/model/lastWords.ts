import { plainText } from './plainText';

/** A line that names a mistake says more than the stack below it, or the version that some runtimes print last. */
const tellsWhy = /\b(\w*error|\w*exception|fatal|panic|cannot|could not|failed|not found|denied)\b/i;

/** What a program said at its end, for a message that has no room for all of it. */
export function lastWords(logTail: readonly string[]): string {
  const said = logTail.filter((line) => line.trim() !== '');
  const line = said.findLast((one) => tellsWhy.test(one)) ?? said.at(-1);
  return line === undefined ? 'It printed nothing.' : `It printed: ${plainText(line)}`;
}
