import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainText } from '../../../src/model/plainText';

describe('plain text', () => {
  const cases: readonly [string, string, string][] = [
    ['ordinary text is left alone', 'web-1 (api) ünïcode 日本', 'web-1 (api) ünïcode 日本'],
    ['escape sequences lose what makes them work', '\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['text that turns the reading direction cannot', 'safe\u202egpj.exe\u2066x\u2069', 'safegpj.exex'],
    ['invisible text is dropped', 'we\u200bb\u2060\ufeff\u00ad\u{e0041}', 'web'],
    ['joiners of scripts and emoji stay', 'می\u200cخواهم 👩\u200d💻', 'می\u200cخواهم 👩\u200d💻'],
    ['lines become one line', ' a\r\nb\tc\u2028d ', 'a b c d'],
    ['other control characters vanish', 'a\u0000b\u007fc\u009bd', 'abcd'],
    ['half a character is dropped', 'a\ud800b', 'ab'],
    ['nothing is escaped', '$(flame) [link](command:x) <b>', '$(flame) [link](command:x) <b>'],
  ];
  for (const [contract, text, plain] of cases) {
    it(contract, () => assert.equal(plainText(text), plain));
  }

  it('is cut at the length asked for, between characters', () => {
    assert.equal(plainText('💻'.repeat(5), 5), '💻'.repeat(5));
    assert.equal(plainText('💻'.repeat(6), 5), `${'💻'.repeat(4)}…`);
  });

  it('is short and harmless whatever comes in, and stays the same when done twice', () => {
    const anyText = fc
      .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0x1b, 0x0a, 0x20, 0x202e, 0xd83d, 0xdcbb)))
      .map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = plainText(text, 8);
        assert.ok(Array.from(plain).length <= 8);
        assert.doesNotMatch(plain, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        assert.equal(plainText(plain, 8), plain);
      }),
    );
  });
});
