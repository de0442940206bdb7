import { createScanner } from 'jsonc-parser';
import type { ConfigProblem } from './problem';

/** Largest file that is read, in UTF-16 units. */
export const largestFile = 1024 * 1024;

/** Deeper nesting has no meaning in the format and would overflow the stack of a recursive parser. */
export const deepestNesting = 64;

// Values of jsonc-parser's `SyntaxKind`, a const enum that cannot be imported with isolated modules.
const openBrace = 1;
const closeBrace = 2;
const openBracket = 3;
const closeBracket = 4;
const endOfFile = 17;

/** Why a text cannot be parsed at all; undefined when it can be tried. */
export function whyUnreadable(text: string): ConfigProblem | undefined {
  if (text.length > largestFile) {
    const message = 'This file is larger than 1 MiB and is not read.';
    return { code: 'tooLarge', severity: 'error', message, offset: 0, length: 1 };
  }
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    const message = 'This file holds a NUL character: it is binary, or not saved as UTF-8, and is not read.';
    return { code: 'binary', severity: 'error', message, offset: nul, length: 1 };
  }
  const deep = placeTooDeep(text);
  if (deep === undefined) return undefined;
  const message = `This is nested more than ${deepestNesting} levels deep; the file is not read.`;
  return { code: 'tooDeep', severity: 'error', message, offset: deep, length: 1 };
}

/** A bracket that closes nothing counts as nothing, as in the parser, so that the depth is never underrated. */
function placeTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  const open: number[] = [];
  for (let token: number = scanner.scan(); token !== endOfFile; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) open.push(token);
    else if (token === closeBrace && open.at(-1) === openBrace) open.pop();
    else if (token === closeBracket && open.at(-1) === openBracket) open.pop();
    if (open.length > deepestNesting) return scanner.getTokenOffset();
  }
  return undefined;
}
