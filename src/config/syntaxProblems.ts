import { printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { ConfigProblem } from './problem';
import type { ReadBackend } from './readBackend';

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is not JSON: texts stand in double quotes.',
  InvalidNumberFormat: 'This is not a number.',
  PropertyNameExpected: 'A name in double quotes is expected here.',
  ValueExpected: 'A value is expected here.',
  ColonExpected: 'A colon is expected here.',
  CommaExpected: 'A comma is missing here.',
  CloseBraceExpected: 'A closing "}" is missing here.',
  CloseBracketExpected: 'A closing "]" is missing here.',
  EndOfFileExpected: 'The file should end here.',
  UnexpectedEndOfComment: 'This comment is not closed.',
  UnexpectedEndOfString: 'This text is not closed with a double quote.',
  UnexpectedEndOfNumber: 'This number is not complete.',
  InvalidUnicode: 'After \\u four hexadecimal digits are expected.',
  InvalidEscapeCharacter: 'Unknown escape: write \\\\ for a backslash.',
  InvalidCharacter: 'A control character must be written as an escape such as \\t.',
};

/** What the parser stumbled over. A backend that holds such a place cannot be trusted to say what was meant. */
export function syntaxProblems(
  errors: readonly ParseError[],
  backends: readonly ReadBackend[],
  text: string,
): ConfigProblem[] {
  return errors.map(({ error, ...place }) => {
    // At the end of the text the parser points beyond it.
    const offset = Math.min(place.offset, text.length);
    const length = Math.min(place.length, text.length - offset);
    const message = sentences[printParseErrorCode(error)] ?? 'This is not valid JSON.';
    const holder = holderOf(offset, backends);
    const backend = holder === undefined ? {} : { backend: holder.definition.name };
    return { code: 'syntax', severity: 'error', message, offset, length, ...backend };
  });
}

/** Backends stand in the order of the text and do not overlap. */
function holderOf(offset: number, backends: readonly ReadBackend[]): ReadBackend | undefined {
  let low = 0;
  let high = backends.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const candidate = backends[middle];
    if (candidate === undefined) return undefined;
    const { range } = candidate;
    if (offset < range.offset) high = middle - 1;
    else if (offset > range.offset + range.length) low = middle + 1;
    else return candidate;
  }
  return undefined;
}
