import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expectStart } from '../../../src/model/startExpectation';

describe('what past starts let expect', () => {
  it('is nothing without any', () => assert.equal(expectStart([]), undefined));

  it('is only the typical time while there are fewer than three', () => {
    assert.deepEqual(expectStart([3_200]), { typicalMs: 3_200, notBeforeMs: 1_920 });
    assert.deepEqual(expectStart([4_000, 3_000]), { typicalMs: 3_000, notBeforeMs: 1_800 });
  });

  it('is the median, a look just before the early ones, and a bound for the slow ones', () => {
    const past = [3_400, 3_000, 3_200];
    const expected = { typicalMs: 3_200, notBeforeMs: 1_800, slowAfterMs: 6_400, probeAtMs: 2_995 };
    assert.deepEqual(expectStart(past), expected);
    assert.deepEqual(expectStart(past, [true]), { ...expected, saysSo: true });
  });

  it('expects a backend to say so itself when its last three starts did', () => {
    const says = (...saidSo: boolean[]): true | undefined => expectStart([100], saidSo)?.saysSo;
    assert.equal(says(), undefined);
    assert.equal(says(true), true);
    assert.equal(says(true, false), undefined);
    assert.equal(says(false, true, true), undefined);
    assert.equal(says(false, true, true, true), true);
    assert.equal(says(true, true, true, false), undefined);
  });

  it('calls a short start slow only when it is slower by a time that a person feels', () => {
    assert.equal(expectStart([100, 100, 100])?.slowAfterMs, 1_100);
  });

  it('does not call slow what one in ten starts takes', () => {
    assert.equal(expectStart([1_000, 1_000, 1_000, 8_000, 8_000])?.slowAfterMs, 10_000);
  });

  it('gives no moment for a look when the starts differ too much', () => {
    const { probeAtMs } = expectStart([1_000, 1_000, 4_000, 4_000, 4_000]) ?? {};
    assert.equal(probeAtMs, undefined);
  });

  it('always looks before the typical moment and calls slow only what is after it, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600_000), { minLength: 1, maxLength: 20 }), (readyMs) => {
        const expected = expectStart(readyMs);
        assert.deepEqual(expectStart([...readyMs].reverse()), expected);
        assert.ok(expected !== undefined && readyMs.includes(expected.typicalMs));
        assert.ok((expected.probeAtMs ?? 0) <= expected.typicalMs && (expected.probeAtMs ?? 0) >= 0);
        assert.ok((expected.slowAfterMs ?? Infinity) > expected.typicalMs);
      }),
    );
  });
});
