import assert from 'node:assert/strict';
import { blindGatePeriodMs, gatePeriodMs, ListenGate, type GateFacts } from '../../../src/model/listenGate';

const facts: GateFacts = { nowMs: 0, youngestAgeMs: 0, subjects: 1, count: '5 2' };

describe('gate period', () => {
  it('is_a_share_of_the_age_of_the_youngest_start_within_its_bounds', () => {
    const cases = [
      [0, 10, 25],
      [500, 10, 25],
      [750, 15, 37.5],
      [1_000, 20, 50],
      [60_000, 20, 100],
    ] as const;
    for (const [ageMs, periodMs, blindMs] of cases) {
      assert.equal(gatePeriodMs(ageMs), periodMs);
      assert.equal(blindGatePeriodMs(ageMs), blindMs);
    }
  });
});

describe('ListenGate', () => {
  it('does_nothing_while_the_count_stands_still_but_for_a_look_each_250_ms', () => {
    const gate = new ListenGate();
    assert.equal(gate.decide(facts), 'probeAll', 'the first look');
    assert.equal(gate.decide({ ...facts, nowMs: 249 }), 'nothing');
    assert.equal(gate.decide({ ...facts, nowMs: 250 }), 'probeAll');
    assert.equal(gate.decide({ ...facts, nowMs: 251 }), 'nothing');
  });

  it('acts_at_once_when_the_count_has_moved_in_either_direction', () => {
    const gate = new ListenGate();
    gate.decide(facts);
    assert.equal(gate.decide({ ...facts, nowMs: 10, count: '6 2' }), 'probeAll');
    assert.equal(gate.decide({ ...facts, nowMs: 20, count: '6 2' }), 'nothing');
    assert.equal(gate.decide({ ...facts, nowMs: 30, count: '5 2' }), 'probeAll');
  });

  it('does_nothing_when_nobody_waits', () => {
    assert.equal(new ListenGate().decide({ ...facts, subjects: 0 }), 'nothing');
  });

  it('reads_the_table_instead_of_probing_more_than_twelve', () => {
    assert.equal(new ListenGate().decide({ ...facts, subjects: 12 }), 'probeAll');
    assert.equal(new ListenGate().decide({ ...facts, subjects: 13 }), 'readTable');
    assert.equal(new ListenGate().decide({ ...facts, subjects: 13, count: undefined }), 'probeAll', 'no table');
  });

  it('looks_each_time_where_there_is_no_count', () => {
    const gate = new ListenGate();
    for (let nowMs = 0; nowMs < 100; nowMs += 25) {
      assert.equal(gate.decide({ ...facts, nowMs, count: undefined }), 'probeAll');
    }
  });

  it('rests_after_an_action_until_its_cost_is_a_tenth_and_for_an_old_start_a_fiftieth', () => {
    const cases = [
      { youngestAgeMs: 4_999, restMs: 20 },
      { youngestAgeMs: 5_000, restMs: 100 },
    ];
    for (const { youngestAgeMs, restMs } of cases) {
      const gate = new ListenGate();
      gate.decide({ ...facts, youngestAgeMs });
      gate.spent(2, { nowMs: 0, youngestAgeMs });
      const moved = { ...facts, youngestAgeMs, count: '9 9' };
      assert.equal(gate.decide({ ...moved, nowMs: restMs - 1 }), 'nothing');
      assert.equal(gate.decide({ ...moved, nowMs: restMs }), 'probeAll', 'what moved meanwhile is not forgotten');
    }
  });

  it('never_rests_longer_than_half_a_second', () => {
    const gate = new ListenGate();
    gate.decide(facts);
    gate.spent(10_000, facts);
    assert.equal(gate.decide({ ...facts, nowMs: 499, count: '6' }), 'nothing');
    assert.equal(gate.decide({ ...facts, nowMs: 500, count: '6' }), 'probeAll');
  });
});
