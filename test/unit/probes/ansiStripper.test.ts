import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AnsiStripper } from '../../../src/probes/ansiStripper';

const strip = (...chunks: string[]): string => {
  const stripper = new AnsiStripper();
  return chunks.map((chunk) => stripper.strip(chunk)).join('');
};

describe('AnsiStripper', () => {
  for (const [name, text, plain] of [
    ['plain text', 'ready on 3000', 'ready on 3000'],
    ['colours', '\x1b[1;32mready\x1b[0m on \x1b[38;5;12m3000\x1b[39m', 'ready on 3000'],
    ['a window title', '\x1b]0;my app\x07ready', 'ready'],
    ['a link', '\x1b]8;;http://x/\x1b\\ready\x1b]8;;\x1b\\!', 'ready!'],
    ['a character set switch', '\x1b(Bready', 'ready'],
    ['a string that is never closed', '\x1b]0;oops\nready', 'ready'],
  ] as const) {
    it(`takes out ${name}`, () => assert.equal(strip(text), plain));
  }

  it('gives_the_same_text_however_the_stream_is_torn', () => {
    const piece = fc.constantFrom(
      'ready',
      '\x1b',
      '\x1b[32m',
      '\x1b[0',
      'm',
      '\x1b]0;t\x07',
      '\x1b]8;;u\x1b\\',
      '\n',
      ' x',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(40)), (pieces, cuts) => {
        const text = pieces.join('');
        const at = [...new Set(cuts.filter((cut) => cut < text.length))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length));
        assert.equal(strip(...chunks), strip(text));
      }),
    );
  });
});
