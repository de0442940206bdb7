import assert from 'node:assert/strict';
import { judgeTick } from '../../../src/activity/suspendGuard';

const tick = (lateMs: number, wallApartMs: number): ReturnType<typeof judgeTick> =>
  judgeTick({
    expectedMs: 30_000,
    actualMs: 30_000 + lateMs,
    monotonicDeltaMs: 30_000 + lateMs,
    wallDeltaMs: 30_000 + lateMs + wallApartMs,
  });

describe('judgeTick', () => {
  for (const [lateMs, apartMs, kind] of [
    [0, 0, 'judge'],
    [-5, 0, 'judge'],
    [250, 0, 'judge'],
    [251, 0, 'rearm'],
    [0, 2_000, 'judge'],
    [0, 2_001, 'rearm'],
    [0, -2_001, 'rearm'],
    [3_600_000, 3_600_000, 'rearm'],
  ] as const) {
    it(`${kind}s ${lateMs} ms late with clocks ${apartMs} ms apart`, () =>
      assert.equal(tick(lateMs, apartMs).kind, kind));
  }

  it('says_why_in_words', () => {
    assert.deepEqual(tick(2_500, 0), { kind: 'rearm', why: 'the timer came 2.5 s late' });
    assert.deepEqual(tick(0, 90_000), { kind: 'rearm', why: 'the computer slept or its clock was set (90 s)' });
  });
});
