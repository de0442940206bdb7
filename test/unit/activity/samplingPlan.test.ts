import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cpuWindowMs, longestGapMs, nextSampleInMs, type SamplingFacts } from '../../../src/activity/samplingPlan';

const minutes15 = 15 * 60_000;

function backend(part: Partial<SamplingFacts>): SamplingFacts {
  return { idleTimeoutMs: minutes15, heldByConnection: false, cpu: false, ...part };
}

describe('nextSampleInMs', () => {
  it('needs_no_look_when_no_backend_counts_down', () => {
    assert.equal(nextSampleInMs([], 0, true), undefined);
  });

  it('needs_no_look_while_something_else_than_a_connection_holds', () => {
    assert.equal(nextSampleInMs([backend({})], 0, false), undefined);
  });

  it('looks_every_50_s_of_a_long_countdown', () => {
    assert.equal(nextSampleInMs([backend({ remainingMs: 800_000 })], 0, false), longestGapMs);
    assert.equal(nextSampleInMs([backend({ remainingMs: 800_000 })], 20_000, false), 30_000);
  });

  it('looks_exactly_at_the_deadline', () => {
    assert.equal(nextSampleInMs([backend({ remainingMs: 30_000 })], 0, false), 30_000);
    assert.equal(nextSampleInMs([backend({ remainingMs: 0 })], 0, false), 0);
  });

  it('looks_at_once_when_the_last_look_is_too_old', () => {
    assert.equal(nextSampleInMs([backend({ remainingMs: 800_000 })], 70_000, false), 0);
  });

  it('looks_for_the_end_of_an_open_connection_in_thirds_of_the_timeout_within_bounds', () => {
    const held = (idleTimeoutMs: number): number | undefined =>
      nextSampleInMs([backend({ heldByConnection: true, idleTimeoutMs })], 0, false);
    assert.equal(held(30_000), 10_000);
    assert.equal(held(500), 1_000);
    assert.equal(held(minutes15), longestGapMs);
  });

  it('looks_more_often_while_somebody_watches', () => {
    assert.equal(nextSampleInMs([backend({ remainingMs: 800_000 })], 0, true), 5_000);
  });

  it('reads_the_cpu_a_window_before_the_deadline', () => {
    assert.equal(nextSampleInMs([backend({ remainingMs: 40_000, cpu: true })], 0, false), 40_000 - cpuWindowMs);
    assert.equal(nextSampleInMs([backend({ remainingMs: cpuWindowMs, cpu: true })], 0, false), cpuWindowMs);
  });

  it('reads_the_cpu_halfway_through_a_countdown_shorter_than_two_windows', () => {
    const short = { idleTimeoutMs: 2_000, cpu: true };
    assert.equal(nextSampleInMs([backend({ ...short, remainingMs: 2_000 })], 0, false), 1_000);
    assert.equal(nextSampleInMs([backend({ ...short, remainingMs: 1_000 })], 0, false), 1_000);
  });

  it('never_leaves_a_gap_in_which_a_connection_is_forgotten_nor_passes_a_deadline', () => {
    const facts = fc.record({
      idleTimeoutMs: fc.integer({ min: 1, max: 4_000_000 }),
      remainingMs: fc.integer({ min: 0, max: 4_000_000 }),
      heldByConnection: fc.boolean(),
      cpu: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1 }), fc.nat(60_000), fc.boolean(), (all, sinceMs, watched) => {
        const next = nextSampleInMs(all, sinceMs, watched);
        assert.ok(next !== undefined && next >= 0);
        assert.ok(next <= Math.max(0, longestGapMs - sinceMs));
        assert.ok(all.every(({ remainingMs }) => next <= remainingMs));
      }),
    );
  });
});
