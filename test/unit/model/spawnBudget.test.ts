import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SpawnBudget } from '../../../src/model/spawnBudget';

function failAt(budget: SpawnBudget, ...timesMs: number[]): void {
  for (const nowMs of timesMs) {
    assert.equal(budget.tryBegin('web', nowMs).kind, 'begun');
    budget.finish('web', 'failure', nowMs);
  }
}

describe('spawn budget', () => {
  it('three starts fit into a window, counted from one', () => {
    const budget = new SpawnBudget();
    for (const attempt of [1, 2, 3]) {
      assert.deepEqual(budget.tryBegin('web', attempt), { kind: 'begun', attempt });
      budget.finish('web', 'failure', attempt);
    }
    assert.equal(budget.tryBegin('web', 4).kind, 'exhausted');
  });

  it('a refusal says when to try again, and a storm is reported once per window', () => {
    const budget = new SpawnBudget();
    failAt(budget, 0, 1_000, 2_000);
    assert.deepEqual(budget.tryBegin('web', 3_000), { kind: 'exhausted', retryAfterMs: 27_000, isStorm: true });
    assert.deepEqual(budget.tryBegin('web', 29_999), { kind: 'exhausted', retryAfterMs: 1, isStorm: false });
    failAt(budget, 30_000, 30_001, 30_002);
    assert.deepEqual(budget.tryBegin('web', 30_003), { kind: 'exhausted', retryAfterMs: 29_997, isStorm: true });
  });

  it('the window ends after its length, not one ms before', () => {
    for (const [nowMs, kind] of [
      [29_999, 'exhausted'],
      [30_000, 'begun'],
      [30_001, 'begun'],
    ] as const) {
      const budget = new SpawnBudget();
      failAt(budget, 0, 0, 0);
      assert.equal(budget.tryBegin('web', nowMs).kind, kind, `at ${nowMs}`);
    }
  });

  it('a start is in progress for as long as it really runs, even past the window', () => {
    const budget = new SpawnBudget();
    budget.tryBegin('web', 0);
    for (const nowMs of [1, 29_999, 30_000, 59_999, 300_000]) {
      assert.deepEqual(budget.tryBegin('web', nowMs), { kind: 'alreadyInProgress' });
    }
    budget.finish('web', 'failure', 300_001);
    assert.deepEqual(budget.tryBegin('web', 300_002), { kind: 'begun', attempt: 1 });
  });

  it('a start in progress is told before an exhausted budget', () => {
    const budget = new SpawnBudget({ maxAttempts: 1 });
    budget.tryBegin('web', 0);
    assert.deepEqual(budget.tryBegin('web', 1), { kind: 'alreadyInProgress' });
  });

  it('a success gives the whole budget back and makes the next storm a new one', () => {
    const budget = new SpawnBudget();
    failAt(budget, 0, 1);
    budget.tryBegin('web', 2);
    assert.deepEqual(budget.tryBegin('web', 2), { kind: 'alreadyInProgress' });
    budget.finish('web', 'success', 3);
    failAt(budget, 4, 5, 6);
    assert.deepEqual(budget.tryBegin('web', 7), { kind: 'exhausted', retryAfterMs: 29_996, isStorm: true });
  });

  it('backends do not spend each other’s budget', () => {
    const budget = new SpawnBudget({ maxAttempts: 1 });
    failAt(budget, 0);
    assert.equal(budget.tryBegin('web', 1).kind, 'exhausted');
    assert.deepEqual(budget.tryBegin('api', 1), { kind: 'begun', attempt: 1 });
  });

  it('the end of a start that never began is ignored', () => {
    const budget = new SpawnBudget();
    budget.finish('web', 'success', 5);
    assert.deepEqual(budget.tryBegin('web', 6), { kind: 'begun', attempt: 1 });
  });

  it('nonsense options are raised to one', () => {
    const budget = new SpawnBudget({ maxAttempts: 0, windowMs: 0 });
    failAt(budget, 0);
    assert.deepEqual(budget.tryBegin('web', 0), { kind: 'exhausted', retryAfterMs: 1, isStorm: true });
    assert.equal(budget.tryBegin('web', 1).kind, 'begun');
  });

  it('no history lets more starts begin in a window than allowed, two run at once, or a wait pass the window', () => {
    const step = fc.record({
      advanceMs: fc.integer({ min: -2_000, max: 12_000 }),
      finish: fc.constantFrom('success' as const, 'failure' as const, undefined),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const budget = new SpawnBudget();
        let nowMs = 0;
        let running = false;
        let failedInARow = 0;
        for (const { advanceMs, finish } of steps) {
          nowMs += advanceMs;
          const decision = budget.tryBegin('web', nowMs);
          assert.equal(decision.kind === 'alreadyInProgress', running);
          if (decision.kind === 'begun') {
            running = true;
            assert.ok(decision.attempt >= 1 && decision.attempt <= 3);
            assert.ok(decision.attempt <= failedInARow + 1, 'only failures since the last success are counted');
          }
          if (decision.kind === 'exhausted') assert.ok(decision.retryAfterMs > 0 && decision.retryAfterMs <= 30_000);
          if (finish !== undefined && running) {
            budget.finish('web', finish, nowMs);
            running = false;
            failedInARow = finish === 'success' ? 0 : failedInARow + 1;
          }
        }
      }),
    );
  });
});
