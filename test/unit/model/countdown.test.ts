import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  countdownStep,
  formatClock,
  formatDuration,
  nextChangeInMs,
  nextSecondInMs,
} from '../../../src/model/countdown';

describe('countdown steps', () => {
  const cases: readonly [remainingMs: number, shownMs: number, changesInMs: number | undefined][] = [
    [-1, 0, undefined],
    [0, 0, undefined],
    [1, 5_000, 1],
    [5_000, 5_000, 5_000],
    [5_001, 10_000, 1],
    [29_999, 30_000, 4_999],
    [30_000, 30_000, 5_000],
    [30_001, 40_000, 1],
    [40_000, 40_000, 10_000],
    [119_999, 120_000, 9_999],
    [120_000, 120_000, 10_000],
    [120_001, 180_000, 1],
    [180_000, 180_000, 60_000],
    [180_001, 240_000, 1],
    [3_600_000, 3_600_000, 60_000],
  ];
  for (const [remainingMs, shownMs, changesInMs] of cases) {
    it(`${remainingMs} ms is shown as ${shownMs} and changes in ${changesInMs}`, () => {
      assert.equal(countdownStep(remainingMs), shownMs);
      assert.equal(nextChangeInMs(remainingMs), changesInMs);
    });
  }

  it('the shown value never runs ahead, and changes exactly when it is said to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7_200_000 }), (remainingMs) => {
        const shownMs = countdownStep(remainingMs);
        const changesInMs = nextChangeInMs(remainingMs);
        assert.ok(shownMs >= remainingMs && changesInMs !== undefined && changesInMs > 0);
        assert.equal(countdownStep(remainingMs - changesInMs + 1), shownMs);
        assert.ok(countdownStep(remainingMs - changesInMs) < shownMs);
      }),
    );
  });

  it('a countdown of a quarter of an hour changes 28 times', () => {
    let changes = 0;
    let remainingMs = 900_000;
    for (let inMs = nextChangeInMs(remainingMs); inMs !== undefined; inMs = nextChangeInMs(remainingMs)) {
      remainingMs -= inMs;
      changes += 1;
    }
    assert.equal(changes, 13 + 9 + 6);
  });
});

describe('the clock of a countdown', () => {
  const cases: readonly [number, string][] = [
    [-5, '0:00'],
    [0, '0:00'],
    [1, '0:01'],
    [48_000, '0:48'],
    [48_001, '0:49'],
    [59_001, '1:00'],
    [725_000, '12:05'],
    [3_599_001, '1:00:00'],
    [3_723_000, '1:02:03'],
  ];
  for (const [remainingMs, text] of cases) {
    it(`${remainingMs} ms reads ${text}`, () => assert.equal(formatClock(remainingMs), text));
  }

  it('changes exactly when it is said to', () => {
    assert.equal(nextSecondInMs(0), undefined);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7_200_000 }), (remainingMs) => {
        const inMs = nextSecondInMs(remainingMs) ?? 0;
        assert.equal(formatClock(remainingMs - inMs + 1), formatClock(remainingMs));
        assert.notEqual(formatClock(remainingMs - inMs), formatClock(remainingMs));
      }),
    );
  });
});

describe('the countdown of a row beside the one of the view', () => {
  it('is_never_less_and_never_a_whole_step_more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7_200_000 }), (remainingMs) => {
        const secondsMs = Math.ceil(remainingMs / 1_000) * 1_000;
        const stepMs = remainingMs > 120_000 ? 60_000 : remainingMs > 30_000 ? 10_000 : 5_000;
        const apartMs = countdownStep(remainingMs) - secondsMs;
        assert.ok(apartMs >= 0 && apartMs < stepMs, `${remainingMs}`);
      }),
    );
  });
});

describe('durations', () => {
  const cases: readonly [number, string][] = [
    [-1, '0 s'],
    [0, '0 s'],
    [1, '0.1 s'],
    [50, '0.1 s'],
    [500, '0.5 s'],
    [949, '0.9 s'],
    [1_000, '1 s'],
    [1_234, '1.2 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [20_000, '20 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [110_000, '1 min 50 s'],
    [120_000, '2 min'],
    [3_599_499, '59 min 59 s'],
    [3_599_500, '1 h'],
    [3_900_000, '1 h 5 min'],
    [7_199_999, '2 h'],
    [90_000_000, '25 h'],
  ];
  for (const [durationMs, text] of cases) {
    it(`${durationMs} ms reads ${text}`, () => assert.equal(formatDuration(durationMs), text));
  }
});
