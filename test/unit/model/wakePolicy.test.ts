import assert from 'node:assert/strict';
import {
  calmSleepMs,
  flapWindowMs,
  longestStretchedMs,
  tooSoonMs,
  WakePolicy,
  type WakeVerdict,
} from '../../../src/model/wakePolicy';

const calm: WakeVerdict = { kind: 'calm' };

describe('wakes that come too soon', () => {
  let policy: WakePolicy;
  beforeEach(() => (policy = new WakePolicy()));
  const flap = (sleptAtMs: number, afterMs = tooSoonMs, waker = 'GET /'): WakeVerdict => {
    policy.slept(sleptAtMs);
    return policy.woken(sleptAtMs + afterMs, waker);
  };

  it('double the timeout at the third within ten minutes, and the waker is named', () => {
    assert.deepEqual(flap(0), calm);
    assert.deepEqual(flap(20_000), calm);
    assert.equal(policy.timeoutMs(30_000), 30_000);
    assert.deepEqual(flap(40_000, 1, 'GET /poll (curl, pid 7)'), {
      kind: 'stretched',
      waker: 'GET /poll (curl, pid 7)',
      times: 3,
    });
    assert.equal(policy.timeoutMs(30_000), 60_000);
    assert.equal(policy.stretchedBecauseOf, 'GET /poll (curl, pid 7)');
  });

  it('are those within ten seconds of falling asleep, not a millisecond more', () => {
    for (const at of [0, 20_000, 40_000]) assert.deepEqual(flap(at, tooSoonMs + 1), calm);
    assert.equal(policy.timeoutMs(30_000), 30_000);
  });

  it('count only within ten minutes', () => {
    flap(0, 0);
    flap(1_000, 0);
    assert.deepEqual(flap(flapWindowMs + 1, 0), calm, 'the first is forgotten');
    assert.equal(flap(flapWindowMs + 1_000, 0).kind, 'stretched');
  });

  it('begin anew after each doubling, and double no further than ten minutes', () => {
    for (let n = 0; n < 30; n++) flap(n * 11_000, 0);
    assert.equal(policy.timeoutMs(30_000), longestStretchedMs);
    assert.equal(policy.timeoutMs(3_600_000), 3_600_000, 'a longer timeout stays as it is');
    policy.forget();
    for (let n = 0; n < 6; n++) flap(n * 11_000, 0);
    assert.equal(policy.timeoutMs(1_000), 4_000);
  });

  it('are none when it did not fall asleep by itself', () => {
    for (let n = 0; n < 5; n++) assert.deepEqual(policy.woken(n, 'you'), calm);
  });

  it('are forgotten after a long sleep, and after a stop', () => {
    for (const at of [0, 20_000, 40_000]) flap(at);
    flap(60_000, calmSleepMs - 1);
    assert.equal(policy.timeoutMs(1_000), 2_000);
    flap(2_000_000, calmSleepMs);
    assert.equal(policy.timeoutMs(1_000), 1_000);
    assert.equal(policy.stretchedBecauseOf, undefined);
    for (const at of [3_000_000, 3_020_000, 3_040_000]) flap(at);
    policy.forget();
    assert.equal(policy.timeoutMs(1_000), 1_000);
  });
});
