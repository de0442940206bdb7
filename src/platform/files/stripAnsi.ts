/**
 * Everything in backend output that a terminal acts on and plain text must not hold: CSI, OSC, DCS and other escape
 * sequences, in their 7-bit and 8-bit forms, also cut off at the end. Each alternative starts with its own character
 * and forbids what would end it, so matching is linear.
 */
const escapeSequences = new RegExp(
  [
    '\\u001b\\[[0-?]*[ -/]*[@-~]?',
    '\\u009b[0-?]*[ -/]*[@-~]?',
    '\\u001b[\\]PX^_][^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?',
    '[\\u0090\\u0098\\u009d-\\u009f][^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?',
    '\\u001b[ -/]*[0-~]?',
  ].join('|'),
  'g',
);

const controls = new RegExp('[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]', 'g');
/** Marks that reorder or hide text: a name or log line must not read differently from what it is. */
const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Removes terminal sequences only; line ends and tabs stay. */
export function stripAnsi(text: string): string {
  return text.replace(escapeSequences, '');
}

/** Text safe to show outside a terminal: no sequences, no control characters but line feed and tab, nothing invisible. */
export function plainText(text: string): string {
  return lastOfOverwritten(stripAnsi(text)).replace(controls, '').replace(invisible, '');
}

/** A progress bar rewrites its line after a carriage return: only the last state is wanted. */
function lastOfOverwritten(text: string): string {
  if (!text.includes('\r')) return text;
  return text
    .split('\n')
    .map((line) => {
      const ended = line.replace(/\r{1,8}$/, '');
      return ended.slice(ended.lastIndexOf('\r') + 1);
    })
    .join('\n');
}
