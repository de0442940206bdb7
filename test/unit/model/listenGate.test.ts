import assert from 'node:assert/strict';
import {
  blindGatePeriodMs,
  crowdGatePeriodMs,
  gatePeriodMs,
  ListenGate,
  type GateAction,
  type GateFacts,
} from '../../../src/model/listenGate';

const facts: GateFacts = { nowMs: 0, count: '5 2' };

/** What it does for one start that waits. */
function decide(gate: ListenGate, at: Partial<GateFacts> = {}, subjects = 1): GateAction {
  const now = { ...facts, ...at };
  return gate.isDue(now) ? gate.act(subjects, now.nowMs) : 'nothing';
}

describe('gate period', () => {
  it('is_a_share_of_the_age_of_the_youngest_start_within_its_bounds', () => {
    const cases = [
      [0, 10, 25],
      [500, 10, 25],
      [1_000, 12, 50],
      [1_500, 18, 75],
      [2_500, 30, 100],
      [60_000, 30, 100],
    ] as const;
    for (const [ageMs, periodMs, blindMs] of cases) {
      assert.equal(gatePeriodMs(ageMs), periodMs);
      assert.equal(blindGatePeriodMs(ageMs), blindMs);
    }
  });

  it('is_longer_before_a_start_was_ever_ready_and_where_the_backend_says_so_itself', () => {
    assert.equal(gatePeriodMs(300, { notBeforeMs: 1_000 }), 50);
    assert.equal(gatePeriodMs(960, { notBeforeMs: 1_000 }), 40);
    assert.equal(gatePeriodMs(0, { notBeforeMs: 20 }), 20, 'one that was ready after 30 ms is not left for 50');
    assert.equal(gatePeriodMs(999, { notBeforeMs: 1_000 }), 10);
    assert.equal(gatePeriodMs(1_500, { notBeforeMs: 1_500 }), 18);
    assert.equal(gatePeriodMs(200, { notBeforeMs: 200 }), 10);
    assert.equal(gatePeriodMs(5_000, { notBeforeMs: 1_000, saysSo: true }), 100);
  });

  it('is_short_for_more_than_twelve_as_one_look_serves_them_all', () => {
    assert.equal(crowdGatePeriodMs(30, 12), 30);
    assert.equal(crowdGatePeriodMs(30, 13), 25);
    assert.equal(crowdGatePeriodMs(8, 200), 8);
  });
});

describe('ListenGate', () => {
  it('does_nothing_while_the_count_stands_still_but_for_a_look_each_second', () => {
    const gate = new ListenGate();
    assert.equal(decide(gate), 'probeAll', 'the first look');
    assert.equal(decide(gate, { nowMs: 999 }), 'nothing');
    assert.equal(decide(gate, { nowMs: 1_000 }), 'probeAll');
    assert.equal(decide(gate, { nowMs: 1_001 }), 'nothing');
  });

  it('acts_at_once_when_the_count_has_moved_in_either_direction', () => {
    const gate = new ListenGate();
    decide(gate);
    assert.equal(decide(gate, { nowMs: 10, count: '6 2' }), 'probeAll');
    assert.equal(decide(gate, { nowMs: 20, count: '6 2' }), 'nothing');
    assert.equal(decide(gate, { nowMs: 30, count: '5 2' }), 'probeAll');
  });

  it('tells_whether_it_acts_because_the_count_has_moved', () => {
    const gate = new ListenGate();
    gate.isDue(facts);
    assert.equal(gate.hasMoved, false);
    gate.isDue({ nowMs: 1, count: '6 2' });
    assert.equal(gate.hasMoved, true);
    gate.act(1, 1);
    assert.equal(gate.hasMoved, false);
    gate.isDue({ nowMs: 2, count: undefined });
    assert.equal(gate.hasMoved, true, 'without a count it may have');
  });

  it('does_nothing_when_nobody_waits_and_forgets_no_change_over_it', () => {
    const gate = new ListenGate();
    decide(gate);
    assert.equal(decide(gate, { nowMs: 10, count: '6 2' }, 0), 'nothing');
    assert.equal(decide(gate, { nowMs: 20, count: '6 2' }), 'probeAll');
  });

  it('reads_the_table_instead_of_probing_more_than_twelve', () => {
    assert.equal(decide(new ListenGate(), {}, 12), 'probeAll');
    assert.equal(decide(new ListenGate(), {}, 13), 'readTable');
    assert.equal(decide(new ListenGate(), { count: undefined }, 13), 'probeAll', 'no table');
  });

  it('looks_each_time_where_there_is_no_count', () => {
    const gate = new ListenGate();
    for (let nowMs = 0; nowMs < 100; nowMs += 25) {
      assert.equal(decide(gate, { nowMs, count: undefined }), 'probeAll');
    }
  });

  it('rests_after_an_action_until_its_cost_is_a_tenth_and_for_an_old_start_a_fiftieth', () => {
    const cases = [
      { youngestAgeMs: 19_999, restMs: 20 },
      { youngestAgeMs: 20_000, restMs: 100 },
    ];
    for (const { youngestAgeMs, restMs } of cases) {
      const gate = new ListenGate();
      decide(gate);
      gate.spent(2, { nowMs: 0, youngestAgeMs });
      assert.equal(decide(gate, { count: '9 9', nowMs: restMs - 1 }), 'nothing');
      assert.equal(decide(gate, { count: '9 9', nowMs: restMs }), 'probeAll', 'what moved meanwhile is not forgotten');
    }
  });

  it('never_rests_longer_than_half_a_second', () => {
    const gate = new ListenGate();
    decide(gate);
    gate.spent(10_000, { nowMs: 0, youngestAgeMs: 0 });
    assert.equal(decide(gate, { nowMs: 499, count: '6' }), 'nothing');
    assert.equal(decide(gate, { nowMs: 500, count: '6' }), 'probeAll');
  });
});
