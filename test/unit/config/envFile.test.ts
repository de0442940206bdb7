import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { parseEnvFile } from '../../../src/config/envFile';

function valuesOf(text: string): readonly (readonly [string, string])[] {
  const { entries, problems } = parseEnvFile(text);
  assert.deepEqual(problems, []);
  return entries.map(({ name, value }) => [name, value]);
}

describe('parseEnvFile', () => {
  const single: readonly (readonly [what: string, text: string, value: string])[] = [
    ['a bare value', 'A=b c', 'b c'],
    ['an empty value', 'A=', ''],
    ['blanks around', '  A = b  ', 'b'],
    ['export', 'export A=b', 'b'],
    ['an equals sign in the value', 'A=b=c==', 'b=c=='],
    ['a comment after a value', 'A=b # c', 'b'],
    ['a hash inside a value', 'A=b#c', 'b#c'],
    ['a comment instead of a value', 'A= # c', ''],
    ['single quotes as they are', "A='b \\n $X # c'", 'b \\n $X # c'],
    ['double quotes with escapes', 'A="b\\nc\\t\\"d\\" \\\\n"', 'b\nc\t"d" \\n'],
    ['several lines in double quotes', 'A="b\nc\n"', 'b\nc\n'],
    ['a comment after quotes', 'A="b" # c', 'b'],
    ['no expansion', 'A=${HOME}$X', '${HOME}$X'],
    ['CRLF', 'A=b\r\n', 'b'],
    ['a byte order mark', '\uFEFFA=b', 'b'],
    ['a quote inside a bare value', `A=it's`, `it's`],
  ];
  for (const [what, text, value] of single) {
    it(`reads ${what}`, () => assert.deepEqual(valuesOf(text), [['A', value]]));
  }

  it('keeps the order and every repetition, for the later one to win', () => {
    assert.deepEqual(valuesOf('# c\n\nA=1\nB=2\nA=3\n'), [
      ['A', '1'],
      ['B', '2'],
      ['A', '3'],
    ]);
  });

  it('tells the line of what it cannot read, never the value, and goes on', () => {
    const { entries, problems } = parseEnvFile('A="1\n2"\nsecret\nB="x" secret\n=secret\nC=3\nD="secret\nE=5');
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['A', 'C', 'E'],
    );
    assert.deepEqual(
      problems.map(({ line }) => line),
      [3, 4, 5, 7],
    );
    assert.equal(JSON.stringify(problems).includes('secret'), false);
  });

  it('refuses names and values that no environment can hold', () => {
    const { entries, problems } = parseEnvFile('__proto__=x\nA=b\0c\nB=1');
    assert.deepEqual(entries, [{ name: 'B', value: '1' }]);
    assert.equal(problems.length, 2);
  });

  it('ends and gives back what was written, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseEnvFile(text);
        parseEnvFile(`A=${text}\nexport "${text}`);
      }),
    );
    fc.assert(
      fc.property(
        fc.string().filter((value) => !/['\r\0]/.test(value)),
        (value) => assert.deepEqual(valuesOf(`A='${value}'`), [['A', value]]),
      ),
    );
  });

  it('reads a large hostile file without a freeze', () => {
    assert.equal(parseEnvFile('A="\n'.repeat(20_001)).problems.length, 1);
    assert.equal(parseEnvFile(`A${' '.repeat(200_000)}`).problems.length, 1);
  });
});
