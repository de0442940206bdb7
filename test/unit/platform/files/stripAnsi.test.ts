import assert from 'node:assert/strict';
import { plainText, stripAnsi } from '../../../../src/platform/files/stripAnsi';

describe('stripAnsi', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['long colours', '\u001b[38;2;1;2;3mx\u001b[39m', 'x'],
    ['cursor movements', '\u001b[2J\u001b[1;1Hx\u001b[?25l', 'x'],
    ['titles', '\u001b]0;evil title\u0007x', 'x'],
    ['links', '\u001b]8;;http://a\u001b\\x\u001b]8;;\u001b\\', 'x'],
    ['device strings', '\u001bPq#0;data\u001b\\x', 'x'],
    ['8-bit forms', '\u009b31mx\u009d0;t\u009cy', 'xy'],
    ['character sets', '\u001b(Bx', 'x'],
    ['a sequence cut off at the end', 'x\u001b[31', 'x'],
    ['an escape alone', 'x\u001b', 'x'],
  ];
  for (const [title, text, plain] of cases) it(`removes ${title}`, () => assert.equal(stripAnsi(text), plain));

  it('leaves text, tabs and line ends alone', () => {
    assert.equal(stripAnsi('a\tb\r\nü € 😀 [31m'), 'a\tb\r\nü € 😀 [31m');
  });

  it('takes linear time on hostile text', () => {
    const startMs = performance.now();
    for (const part of ['\u001b[', '\u001b]', '\u001b[1;', '\u001bP', '\u001b', '\u001b ', '0'])
      plainText(part.repeat(200_000));
    assert.ok(performance.now() - startMs < 4_000);
  });
});

describe('plainText', () => {
  it('removes control characters and what hides or reorders text', () => {
    assert.equal(plainText('a\u0000b\u0008c\u007fd\u202ee\u200bf\ufeffg'), 'abcdefg');
    assert.equal(plainText('a\tb\nc'), 'a\tb\nc');
  });

  it('shows what a progress bar showed last', () => {
    assert.equal(plainText('10%\r50%\r100%\r\ndone\r\n'), '100%\ndone\n');
  });
});
