/** The text of a dotenv file: `NAME=value`, `export`, quotes, comments. No expansion: a `$` is a `$`. */

export interface EnvFileEntry {
  readonly name: string;
  readonly value: string;
}

export interface EnvFileProblem {
  /** One-based. */
  readonly line: number;
  /** Never holds a value: those may be secrets. */
  readonly message: string;
}

export interface ParsedEnvFile {
  /** In the order of the file; of a repeated name the later one wins. */
  readonly entries: readonly EnvFileEntry[];
  readonly problems: readonly EnvFileProblem[];
}

interface Value {
  readonly value: string;
  /** Where the rest of the line begins. */
  readonly end: number;
  readonly problem?: string;
}

const assignment = /[^\S\n]*(?:export[^\S\n]+)?([^\s=#'"]+)[^\S\n]*=[^\S\n]*/y;

export function parseEnvFile(text: string): ParsedEnvFile {
  const source = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const entries: EnvFileEntry[] = [];
  const problems: EnvFileProblem[] = [];
  let line = 1;
  for (let at = 0; at < source.length;) {
    assignment.lastIndex = at;
    const match = assignment.exec(source);
    const read = match === null ? undefined : readValue(source, assignment.lastIndex);
    const problem = match === null ? problemOfLine(lineAt(source, at)) : (read?.problem ?? problemOfName(match[1]));
    if (problem !== undefined) problems.push({ line, message: problem });
    else if (match?.[1] !== undefined && read !== undefined) entries.push({ name: match[1], value: read.value });
    const next = endOfLine(source, read?.end ?? at) + 1;
    line += source.slice(at, next).split('\n').length - 1;
    at = next;
  }
  return { entries, problems };
}

function readValue(source: string, at: number): Value {
  const quote = source[at];
  if (quote !== '"' && quote !== "'" && quote !== '`') return readBare(source, at);
  const end = closingQuote(source, at + 1, quote);
  if (end === undefined) return { value: '', end: at, problem: `The quote ${quote} is not closed.` };
  const rest = source.slice(end + 1, endOfLine(source, end + 1)).trim();
  if (rest !== '' && !rest.startsWith('#')) {
    return { value: '', end, problem: 'Text follows the closing quote.' };
  }
  const inner = source.slice(at + 1, end);
  return withoutNul({ value: quote === '"' ? unescape(inner) : inner, end });
}

/** Up to a comment: a `#` at the start or after a blank. */
function readBare(source: string, at: number): Value {
  const end = endOfLine(source, at);
  const value = source
    .slice(at, end)
    .replace(/(^|\s)#.*$/, '')
    .trim();
  return withoutNul({ value, end });
}

function withoutNul(read: Value): Value {
  return read.value.includes('\0') ? { ...read, problem: 'The value holds a NUL character.' } : read;
}

/** Double quotes may hold `\"`; the other quotes know no escape. */
function closingQuote(source: string, from: number, quote: string): number | undefined {
  for (let at = from; at < source.length; at++) {
    if (source[at] === quote) return at;
    if (quote === '"' && source[at] === '\\') at++;
  }
  return undefined;
}

function unescape(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
  return text.replaceAll(/\\([nrt"\\])/g, (_, character: string) => escapes[character] ?? character);
}

function problemOfLine(line: string): string | undefined {
  if (/^\s*(#.*)?$/.test(line)) return undefined;
  return 'This line is no NAME=value and is passed over.';
}

function problemOfName(name: string | undefined): string | undefined {
  return name === '__proto__' || name?.includes('\0') === true ? 'This name cannot be used.' : undefined;
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

function lineAt(source: string, at: number): string {
  return source.slice(at, endOfLine(source, at));
}
