import type { VariableUse } from './variables';

export type ShellKind = 'posix' | 'cmd';

/** How the shell reads a place. `untouched`: not as a value, for it is in a comment or after a backslash. */
export type QuotingContext = 'plain' | 'single' | 'double' | 'untouched';

/** One word of POSIX sh, whatever the value holds. Values of safe characters only stay as they are. */
export function shellQuote(value: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(value)) return value;
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** The value as it must be written at such a place of a POSIX shell text to arrive unchanged. */
export function quoteFor(value: string, context: QuotingContext): string {
  if (context === 'single') return value.replaceAll("'", `'\\''`);
  if (context === 'double') return value.replaceAll(/[\\"$`]/g, '\\$&');
  return shellQuote(value);
}

/** For `cmd /d /s /c`: a value with special characters goes into double quotes unless it stands in some already. */
export function quoteForCmd(value: string, textBefore: string): string {
  if (/^[A-Za-z0-9_@+=:,.\\/-]+$/.test(value)) return value;
  const quoted = textBefore.split('"').length % 2 === 0;
  const inner = value.replaceAll('"', '""');
  return quoted ? inner : `"${inner}"`;
}

type Frame = 'single' | 'double' | 'command' | 'backtick';

/** Reads the text as POSIX sh does and tells for each use (in order) what stands around it. */
export function quotingOf(text: string, uses: readonly VariableUse[]): readonly QuotingContext[] {
  const contexts: QuotingContext[] = [];
  const frames: Frame[] = [];
  let at = 0;
  for (let use = uses[0]; use !== undefined; use = uses[contexts.length]) {
    if (at >= use.start) {
      contexts.push(at > use.start ? 'untouched' : contextOf(frames.at(-1)));
      at = Math.max(at, use.end);
    } else {
      at += step(text, at, frames);
    }
  }
  return contexts;
}

function contextOf(frame: Frame | undefined): QuotingContext {
  return frame === 'single' || frame === 'double' ? frame : 'plain';
}

/** Takes one token into account and tells its length. */
function step(text: string, at: number, frames: Frame[]): number {
  const frame = frames.at(-1);
  const character = text[at];
  if (frame === 'single') {
    if (character === "'") frames.pop();
    return 1;
  }
  if (character === '\\') return 2;
  if (character === '$' && text[at + 1] === '(') {
    frames.push('command');
    return 2;
  }
  if (character === '`') toggle(frames, 'backtick');
  else if (character === '"') toggle(frames, 'double');
  else if (frame !== 'double') return stepUnquoted(text, at, frames);
  return 1;
}

function stepUnquoted(text: string, at: number, frames: Frame[]): number {
  const character = text[at];
  if (character === "'") frames.push('single');
  else if (frames.at(-1) === 'command' && character === '(') frames.push('command');
  else if (frames.at(-1) === 'command' && character === ')') frames.pop();
  else if (character === '#' && /(^|[\s;&|(])$/.test(text.slice(Math.max(0, at - 1), at))) {
    const end = text.indexOf('\n', at);
    return (end === -1 ? text.length : end) - at;
  }
  return 1;
}

function toggle(frames: Frame[], frame: Frame): void {
  if (frames.at(-1) === frame) frames.pop();
  else frames.push(frame);
}
