import assert from 'node:assert/strict';
import { CpuSensor, longestCpuHoldMs } from '../../../src/activity/cpuSensor';

describe('CpuSensor', () => {
  let cpuMs: number | undefined;
  let sensor: CpuSensor;
  beforeEach(() => {
    cpuMs = 0;
    sensor = new CpuSensor(() => Promise.resolve(cpuMs));
  });
  const sample = (nowMs: number): ReturnType<CpuSensor['sample']> => sensor.sample('a', [1], nowMs);

  it('says_nothing_at_the_first_look', async () => assert.equal(await sample(0), undefined));

  for (const [usedMs, percent, held] of [
    [999, 9.99, false],
    [1_000, 10, true],
    [20_000, 200, true],
  ] as const) {
    it(`${held ? 'holds' : 'does not hold'} a tree that used ${percent} % of a core`, async () => {
      await sample(0);
      cpuMs = usedMs;
      const seen = await sample(10_000);
      assert.equal(seen?.percent, percent);
      assert.deepEqual(seen.hold, held ? { kind: 'cpu', reason: 'busy: 10 % of a core or more' } : undefined);
    });
  }

  it('holds_no_longer_than_30_minutes_of_unbroken_work', async () => {
    await sample(0);
    const holds: boolean[] = [];
    for (const nowMs of [60_000, longestCpuHoldMs, longestCpuHoldMs + 60_000]) {
      cpuMs = nowMs;
      holds.push((await sample(nowMs))?.hold !== undefined);
    }
    assert.deepEqual(holds, [true, true, false]);
  });

  it('counts_the_30_minutes_anew_after_a_rest', async () => {
    await sample(0);
    cpuMs = 60_000;
    await sample(60_000);
    const rest = longestCpuHoldMs + 60_000;
    assert.equal((await sample(rest))?.hold, undefined);
    cpuMs = 120_000;
    assert.notEqual((await sample(rest + 60_000))?.hold, undefined);
  });

  it('takes_a_tree_that_lost_a_member_for_resting', async () => {
    cpuMs = 5_000;
    await sample(0);
    cpuMs = 100;
    assert.deepEqual(await sample(10_000), { percent: 0 });
  });

  it('does_not_judge_on_two_looks_within_a_quarter_of_a_second', async () => {
    await sample(0);
    cpuMs = 900;
    assert.equal(await sample(249), undefined);
    assert.notEqual(await sample(250), undefined);
  });

  it('starts_anew_after_it_could_not_be_read_and_after_a_stop', async () => {
    await sample(0);
    cpuMs = undefined;
    assert.equal(await sample(10_000), undefined);
    cpuMs = 9_000;
    assert.equal(await sample(20_000), undefined);
    sensor.forget('a');
    assert.equal(await sample(30_000), undefined);
  });
});
