/**
 * Output of a backend for a terminal that belongs to the editor: colours and what moves within one line stay; whatever
 * could act on the editor, rewrite other lines or hide text is left out. Raw bytes stay in the log file.
 */

/** A sequence that has not ended after so many characters never will: it is given up, so that it hides no output. */
const longestSequence = 4_096;

/** Final letters of CSI sequences that stay: colours (m); cursor within the line (C, D, G, `); erase in the line (K, X). */
const keptFinals = new Set(['m', 'C', 'D', 'G', '`', 'K', 'X']);

/** Marks that reorder or hide text: a line must not read differently from what it is. */
const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const plainControls = new Set(['\b', '\t', '\n', '\r']);

const escape = '\u001b';

/** One per stream: a sequence may be split between two chunks. */
export class TerminalFilter {
  /** The beginning of a sequence that has not ended yet. */
  private pending = '';

  /** What of `text` may be shown; the rest of an unfinished sequence is awaited. */
  push(text: string): string {
    const input = this.pending + text;
    this.pending = '';
    let shown = '';
    let at = 0;
    while (at < input.length) {
      const next = nextControl(input, at);
      shown += input.slice(at, next);
      if (next >= input.length) break;
      const sequence = sequenceAt(input, next);
      if (sequence === undefined) {
        if (input.length - next <= longestSequence) {
          this.pending = input.slice(next);
          break;
        }
        at = next + 1;
        continue;
      }
      shown += sequence.shown;
      at = sequence.end;
    }
    return shown.replace(invisible, '');
  }

  /** Output was skipped: what was begun before the gap is not continued after it. */
  reset(): void {
    this.pending = '';
  }
}

interface Sequence {
  readonly end: number;
  readonly shown: string;
}

/** The next control character, C0, DEL or C1, at or after `from`. */
function nextControl(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return at;
  }
  return text.length;
}

/** The control or sequence that begins at `start`; undefined when its end is not there yet. */
function sequenceAt(text: string, start: number): Sequence | undefined {
  const first = text.charAt(start);
  switch (first) {
    case escape:
      return escapeAt(text, start);
    case '\u009b':
      return csiAt(text, start, start + 1);
    case '\u0090':
    case '\u0098':
    case '\u009d':
    case '\u009e':
    case '\u009f':
      return stringAt(text, start + 1);
    default:
      return { end: start + 1, shown: plainControls.has(first) ? first : '' };
  }
}

function escapeAt(text: string, start: number): Sequence | undefined {
  const kind = text.charAt(start + 1);
  if (kind === '') return undefined;
  if (kind === '[') return csiAt(text, start, start + 2);
  if (']PX^_'.includes(kind)) return stringAt(text, start + 2);
  // ESC, intermediates (0x20 to 0x2f), one final character: character sets, resets, saved cursors. None is shown.
  let at = start + 1;
  while (at < text.length && isBetween(text, at, 0x20, 0x2f)) at++;
  if (at >= text.length) return undefined;
  return { end: isBetween(text, at, 0x30, 0x7e) ? at + 1 : at, shown: '' };
}

function csiAt(text: string, start: number, body: number): Sequence | undefined {
  let at = body;
  while (at < text.length && isBetween(text, at, 0x20, 0x3f)) at++;
  if (at >= text.length) return undefined;
  // Something else in between ends the sequence, and counts for itself.
  if (!isBetween(text, at, 0x40, 0x7e)) return { end: at, shown: '' };
  const parameters = text.slice(body, at);
  const kept = keptFinals.has(text.charAt(at)) && /^[\d;:]*$/.test(parameters);
  return { end: at + 1, shown: kept ? `${escape}[${parameters}${text.charAt(at)}` : '' };
}

/**
 * OSC, DCS, SOS, PM, APC: everything up to its terminator. A line end, or the beginning of another sequence, gives up
 * one that lacks it.
 */
function stringAt(text: string, body: number): Sequence | undefined {
  const limit = Math.min(text.length, body + longestSequence);
  for (let at = body; at < limit; at++) {
    const character = text.charAt(at);
    if (character === '\u0007' || character === '\u009c') return { end: at + 1, shown: '' };
    if (character === '\n' || character === '\u0018' || character === '\u001a') return { end: at, shown: '' };
    if (isBetween(text, at, 0x80, 0x9f)) return { end: at, shown: '' };
    if (character !== escape) continue;
    if (at + 1 >= text.length) return undefined;
    return { end: text.charAt(at + 1) === '\\' ? at + 2 : at, shown: '' };
  }
  return limit < text.length ? { end: body, shown: '' } : undefined;
}

function isBetween(text: string, at: number, low: number, high: number): boolean {
  const code = text.charCodeAt(at);
  return code >= low && code <= high;
}
