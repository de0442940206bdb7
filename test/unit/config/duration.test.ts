import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { formatDuration, longestDurationMs, parseDuration } from '../../../src/config/duration';

describe('parseDuration', () => {
  const good: readonly (readonly [string, number])[] = [
    ['0s', 0],
    ['1ms', 1],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1_500],
    ['1h2m3s4ms', 3_723_004],
    ['30m5ms', 1_800_005],
    ['576h', longestDurationMs],
  ];
  for (const [text, ms] of good) {
    it(`reads ${text}`, () => assert.deepEqual(parseDuration(text), { ok: true, ms }));
  }

  for (const text of [
    '',
    ' ',
    '5',
    '5 s',
    '-5s',
    '1d',
    '5s1m',
    '5s5s',
    's',
    '1e3s',
    '5S',
    '0x1s',
    '577h',
    `${'9'.repeat(400)}s`,
  ]) {
    it(`refuses "${text.slice(0, 10)}"`, () => assert.equal(parseDuration(text).ok, false));
  }

  it('tells a bare number to take a unit', () => {
    assert.deepEqual(parseDuration('30'), { ok: false, message: 'needs a unit: write "30s" or "30ms"' });
  });
});

describe('formatDuration', () => {
  it('gives back what parses to the same time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: longestDurationMs }), (ms) => {
        assert.deepEqual(parseDuration(formatDuration(ms)), { ok: true, ms });
      }),
    );
  });

  it('is as short as a person would write it', () => {
    assert.equal(formatDuration(5_400_000), '1h30m');
    assert.equal(formatDuration(300_000), '5m');
    assert.equal(formatDuration(0), '0s');
  });
});
