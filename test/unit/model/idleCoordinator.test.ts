import assert from 'node:assert/strict';
import {
  BackendIdleCoordinator,
  BackendIdlePolicy,
  defaultBackendIdleTimeoutMs,
} from '../../../src/model/idleCoordinator';

const tenSeconds = (): BackendIdleCoordinator => new BackendIdleCoordinator(new BackendIdlePolicy(10_000));

const dueKeys = (coordinator: BackendIdleCoordinator, nowMs: number): string[] =>
  coordinator.collectDueForQuiesce(nowMs).map((due) => due.key);

describe('idle policy', () => {
  it('the default idle timeout is thirty seconds', () => {
    assert.equal(defaultBackendIdleTimeoutMs, 30_000);
    assert.equal(new BackendIdlePolicy().defaultIdleTimeoutMs, 30_000);
  });

  it('zero is clamped to one ms', () => {
    for (const [given, kept] of [
      [-1, 1],
      [0, 1],
      [1, 1],
      [2, 2],
    ] as const) {
      assert.equal(new BackendIdlePolicy(given).defaultIdleTimeoutMs, kept);
    }
  });
});

describe('idle coordination', () => {
  it('a backend is due at its timeout, not one ms before', () => {
    for (const [nowMs, expected] of [
      [109_999, []],
      [110_000, ['web']],
      [110_001, ['web']],
    ] as const) {
      const coordinator = tenSeconds();
      coordinator.markActivity('web', 100_000);
      assert.deepEqual(dueKeys(coordinator, nowMs), expected, `at ${nowMs}`);
    }
  });

  it('a due backend is told with its idle time, timeout and reason', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    assert.deepEqual(coordinator.collectDueForQuiesce(12_500), [
      { key: 'web', idleForMs: 12_500, configuredTimeoutMs: 10_000, reason: 'idleTimeout' },
    ]);
  });

  it('a due backend is told once, until fresh activity', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    assert.deepEqual(dueKeys(coordinator, 10_000), ['web']);
    assert.deepEqual(dueKeys(coordinator, 99_000), []);
    coordinator.markActivity('web', 100_000);
    assert.deepEqual(dueKeys(coordinator, 109_999), []);
    assert.deepEqual(dueKeys(coordinator, 110_000), ['web']);
  });

  it('activity starts the countdown anew', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    coordinator.markActivity('web', 9_000);
    assert.deepEqual(dueKeys(coordinator, 18_999), []);
    assert.deepEqual(dueKeys(coordinator, 19_000), ['web']);
  });

  it('a backend has its own timeout, and plain activity the one of the policy', () => {
    const coordinator = tenSeconds();
    coordinator.markActivityWithTimeout('web', 0, 500);
    assert.deepEqual(dueKeys(coordinator, 499), []);
    coordinator.markActivity('web', 499);
    assert.deepEqual(dueKeys(coordinator, 10_498), []);
    assert.deepEqual(dueKeys(coordinator, 10_499), ['web']);
  });

  it('a timeout of zero counts as one ms', () => {
    const coordinator = tenSeconds();
    coordinator.markActivityWithTimeout('web', 5, 0);
    assert.deepEqual(dueKeys(coordinator, 5), []);
    const [due] = coordinator.collectDueForQuiesce(6);
    assert.deepEqual(due, { key: 'web', idleForMs: 1, configuredTimeoutMs: 1, reason: 'idleTimeout' });
  });

  it('draining and quiesced backends are never due', () => {
    for (const mark of ['markDraining', 'markQuiesced'] as const) {
      const coordinator = tenSeconds();
      coordinator.markActivity('web', 0);
      assert.equal(coordinator[mark]('web'), true);
      assert.deepEqual(dueKeys(coordinator, 1_000_000), [], mark);
      assert.equal(coordinator.nextDeadlineMs(), undefined, mark);
      assert.equal(coordinator.remainingMs('web', 0), undefined, mark);
    }
  });

  it('activity makes draining and quiesced backends run again', () => {
    for (const mark of ['markDraining', 'markQuiesced'] as const) {
      const coordinator = tenSeconds();
      coordinator.markActivity('web', 0);
      coordinator[mark]('web');
      coordinator.markActivity('web', 1_000);
      assert.equal(coordinator.stateOf('web'), 'running');
      assert.deepEqual(dueKeys(coordinator, 11_000), ['web'], mark);
    }
  });

  it('marks and removals say whether the backend was tracked', () => {
    const coordinator = tenSeconds();
    for (const call of ['markDraining', 'markQuiesced', 'removeBackend'] as const) {
      assert.equal(coordinator[call]('web'), false, call);
    }
    coordinator.markActivity('web', 0);
    for (const call of ['markDraining', 'markQuiesced', 'removeBackend'] as const) {
      assert.equal(coordinator[call]('web'), true, call);
    }
    assert.equal(coordinator.removeBackend('web'), false);
    assert.equal(coordinator.stateOf('web'), undefined);
    assert.deepEqual(dueKeys(coordinator, 1_000_000), []);
  });

  it('a clock that goes backwards means no idle time', () => {
    const coordinator = tenSeconds();
    coordinator.markActivityWithTimeout('web', 50_000, 1);
    assert.deepEqual(dueKeys(coordinator, 0), []);
    assert.equal(coordinator.remainingMs('web', 0), 1);
    const [due] = coordinator.collectDueForQuiesce(50_001);
    assert.equal(due?.idleForMs, 1);
  });

  it('due backends come by deadline, then key', () => {
    const coordinator = tenSeconds();
    coordinator.markActivityWithTimeout('c', 0, 3_000);
    coordinator.markActivityWithTimeout('b', 1_000, 1_000);
    coordinator.markActivityWithTimeout('a', 0, 2_000);
    coordinator.markActivityWithTimeout('z', 500, 1);
    assert.deepEqual(dueKeys(coordinator, 60_000), ['z', 'a', 'b', 'c']);
  });

  it('a thousand backends are collected in order', () => {
    const coordinator = tenSeconds();
    const keys = Array.from({ length: 1_000 }, (_, n) => `backend${String((n * 7) % 1_000).padStart(4, '0')}`);
    for (const key of keys) coordinator.markActivity(key, 0);
    assert.equal(coordinator.nextDeadlineMs(), 10_000);
    assert.deepEqual(dueKeys(coordinator, 10_000), [...keys].sort());
  });
});

describe('never idle', () => {
  it('a timeout of never is never due and sets no timer', () => {
    const coordinator = tenSeconds();
    coordinator.markActivityWithTimeout('db', 0, 'never');
    assert.equal(coordinator.nextDeadlineMs(), undefined);
    assert.equal(coordinator.remainingMs('db', 0), undefined);
    assert.deepEqual(dueKeys(coordinator, Number.MAX_SAFE_INTEGER), []);
    coordinator.markActivityWithTimeout('db', 1, 10);
    assert.deepEqual(dueKeys(coordinator, 11), ['db']);
  });
});

describe('leases', () => {
  it('a held lease is activity without end', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    coordinator.acquireLease('web', 'connection', 5_000);
    assert.deepEqual(dueKeys(coordinator, 1_000_000), []);
    assert.equal(coordinator.nextDeadlineMs(), undefined);
    assert.equal(coordinator.remainingMs('web', 1_000_000), undefined);
  });

  it('the end of the last lease counts as activity then', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    coordinator.acquireLease('web', 'one', 0);
    coordinator.acquireLease('web', 'two', 0);
    assert.equal(coordinator.releaseLease('web', 'one', 50_000), true);
    assert.equal(coordinator.nextDeadlineMs(), undefined);
    assert.equal(coordinator.releaseLease('web', 'two', 60_000), true);
    assert.deepEqual(dueKeys(coordinator, 69_999), []);
    assert.deepEqual(dueKeys(coordinator, 70_000), ['web']);
  });

  it('a lease is held once however often it is taken, and ends once', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    coordinator.acquireLease('web', 'one', 0);
    coordinator.acquireLease('web', 'one', 0);
    assert.equal(coordinator.releaseLease('web', 'one', 0), true);
    assert.equal(coordinator.releaseLease('web', 'one', 5_000), false);
    assert.equal(coordinator.nextDeadlineMs(), 10_000, 'the second release is no activity');
  });

  it('a fresh lease cancels a drain, one that was held already does not', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    coordinator.acquireLease('web', 'old', 0);
    coordinator.markDraining('web');
    coordinator.acquireLease('web', 'old', 1);
    assert.equal(coordinator.stateOf('web'), 'draining');
    coordinator.acquireLease('web', 'new', 2);
    assert.equal(coordinator.stateOf('web'), 'running');
  });

  it('a lease that ends during a drain does not cancel it', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    coordinator.acquireLease('web', 'connection', 0);
    coordinator.markDraining('web');
    coordinator.releaseLease('web', 'connection', 1);
    assert.equal(coordinator.stateOf('web'), 'draining');
    assert.deepEqual(dueKeys(coordinator, 1_000_000), []);
  });

  it('a lease wakes nothing, but holds what is woken later', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    coordinator.markQuiesced('web');
    coordinator.acquireLease('web', 'keepAwake', 1);
    assert.equal(coordinator.stateOf('web'), 'quiesced');
    coordinator.markActivity('web', 2);
    assert.deepEqual(dueKeys(coordinator, 1_000_000), []);
  });

  it('a lease outlives removal and counts when the backend is back', () => {
    const coordinator = tenSeconds();
    coordinator.acquireLease('web', 'keepAwake', 0);
    assert.equal(coordinator.stateOf('web'), undefined, 'a lease is no start');
    coordinator.markActivity('web', 1);
    coordinator.removeBackend('web');
    coordinator.markActivity('web', 2);
    assert.equal(coordinator.nextDeadlineMs(), undefined);
    coordinator.releaseLease('web', 'keepAwake', 100);
    assert.equal(coordinator.nextDeadlineMs(), 10_100);
  });
});

describe('countdowns', () => {
  it('what remains runs down to zero at the deadline', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 1_000);
    assert.deepEqual(
      [1_000, 1_001, 10_999, 11_000, 50_000].map((nowMs) => coordinator.remainingMs('web', nowMs)),
      [10_000, 9_999, 1, 0, 0],
    );
    assert.equal(coordinator.remainingMs('unknown', 0), undefined);
  });

  it('a clock that cannot be trusted starts the running countdowns anew, and only those', () => {
    const coordinator = tenSeconds();
    coordinator.markActivity('web', 0);
    coordinator.markActivity('asleep', 0);
    coordinator.markQuiesced('asleep');
    coordinator.restartCountdowns(3_600_000);
    assert.deepEqual(dueKeys(coordinator, 3_609_999), []);
    assert.deepEqual(dueKeys(coordinator, 3_610_000), ['web']);
  });
});
