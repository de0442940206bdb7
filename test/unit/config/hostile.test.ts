import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { parseBackendsFile } from '../../../src/config/parse';
import { largestFile, deepestNesting } from '../../../src/config/unreadable';
import { configFixtures } from './fixtures';

const context = { folderPath: '/workspace' };

function codesOf(text: string): readonly string[] {
  return parseBackendsFile(text, context).problems.map(({ code }) => code);
}

describe('a hostile backends.json', function () {
  // Generous: what is held here is that reading ends, on a busy machine too.
  this.timeout(20_000);

  it('of more than 1 MiB is one problem and is not read', () => {
    const text = '{ "backends": { "a": { "command": "x" } } }';
    assert.deepEqual(codesOf(text.padEnd(largestFile)), []);
    assert.deepEqual(codesOf(text.padEnd(largestFile + 1)), ['tooLarge']);
  });

  it('that is binary or UTF-16 is one problem at the first NUL', () => {
    const utf16 = Buffer.from('{ "backends": {} }', 'utf16le').toString('utf8');
    const { problems, backends } = parseBackendsFile(utf16, context);
    assert.deepEqual(
      problems.map(({ code, offset }) => [code, offset]),
      [['binary', 1]],
    );
    assert.deepEqual(backends, []);
  });

  it('nested one level too deep is one problem, at the limit it is read', () => {
    const nested = (levels: number): string => `{ "x": ${'['.repeat(levels - 1)}${']'.repeat(levels - 1)} }`;
    assert.deepEqual(codesOf(nested(deepestNesting)), ['missing', 'unknownKey']);
    assert.deepEqual(codesOf(nested(deepestNesting + 1)), ['tooDeep']);
    assert.deepEqual(codesOf('['.repeat(500_000)), ['tooDeep']);
    assert.deepEqual(codesOf('{"a":'.repeat(200_000)), ['tooDeep']);
    assert.deepEqual(codesOf('[}{]'.repeat(200_000)), ['tooDeep']);
  });

  it('with 10,000 backends in one cycle is read, every member refused, the report cut to a bearable length', () => {
    const list = Array.from(
      { length: 10_000 },
      (_, i) => `"b${i}":{"command":"x","dependsOn":["b${(i + 1) % 10_000}"]}`,
    );
    const { backends, problems } = parseBackendsFile(`{"backends":{${list.join(',')}}}`, context);
    assert.equal(backends.length, 10_000);
    assert.ok(backends.every(({ problem }) => problem?.includes('cycle among 10000 backends')));
    assert.equal(problems.length, 501);
    assert.equal(problems.at(-1)?.code, 'tooManyProblems');
  });

  it('with a chain of 2,000 dependencies is read without an error', () => {
    const list = Array.from({ length: 2_000 }, (_, i) => `"b${i}":{"command":"x","dependsOn":["b${i + 1}"]}`);
    const { backends, problems } = parseBackendsFile(
      `{"backends":{${list.join(',')},"b2000":{"command":"x"}}}`,
      context,
    );
    assert.equal(backends.length, 2_001);
    assert.deepEqual(problems, []);
  });

  it('with 25,000 mistakes in one backend is read and reported in part', () => {
    const { backends, problems } = parseBackendsFile(
      `{"backends":{"a":{"command":"${'\\n${port}'.repeat(15_000)}",${'"x":1,'.repeat(10_000)}}}}`,
      context,
    );
    assert.ok(problems.length <= 501);
    assert.equal(backends[0]?.problem, '"${port}" needs a "port" in this backend.');
  });

  it('keeps the first error of a backend even after many lesser problems', () => {
    const text = `{"backends":{"a":{${'"x":1,'.repeat(200)}"command":5}}}`;
    assert.match(parseBackendsFile(text, context).backends[0]?.problem ?? '', /^"command" must be/);
  });

  it('does not reach the prototype of any object', () => {
    const text =
      '{"__proto__":{"a":1},"backends":{"__proto__":{"command":"x"},"b":{"command":"x","env":{"__proto__":"x"}}}}';
    const { backends } = parseBackendsFile(text, context);
    assert.deepEqual(Object.keys(backends[1]?.env ?? { wrong: '' }), []);
    assert.equal(Object.getPrototypeOf(backends[1]?.env), Object.prototype);
    assert.equal('a' in {}, false);
  });

  it('never throws and never reports a place outside of the text, whatever is cut, doubled or swapped', () => {
    const sources = [...configFixtures('valid'), ...configFixtures('invalid')].map(({ text }) => text);
    const edit = fc.record({
      source: fc.constantFrom(...sources),
      from: fc.nat(2_000),
      length: fc.nat(80),
      insert: fc.oneof(
        fc.string(),
        fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '${', '/*', '\\u', 'null', '-1'),
      ),
    });
    fc.assert(
      fc.property(edit, ({ source, from, length, insert }) => {
        const text = source.slice(0, from) + insert + source.slice(from + length);
        const { backends, problems } = parseBackendsFile(text, context);
        for (const problem of problems) {
          assert.ok(problem.offset >= 0 && problem.length >= 0 && problem.offset + problem.length <= text.length);
        }
        assert.equal(new Set(backends.map(({ name }) => name)).size, backends.length);
        const refused = new Set(problems.filter(({ severity }) => severity === 'error').map(({ backend }) => backend));
        const isBroken = problems.some(({ code }) => code === 'syntax');
        assert.ok(!isBroken || problems.length === 1);
        for (const { name, problem } of backends) {
          // Why it is refused is told once the syntax is mended.
          if (!isBroken || refused.has(name)) assert.equal(refused.has(name), problem !== undefined);
        }
      }),
      { numRuns: 300 },
    );
  });
});
