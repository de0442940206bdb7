import assert from 'node:assert/strict';
import { RestartPolicy, type EndFacts } from '../../../src/model/restartPolicy';

const crash: EndFacts = { policy: 'onFailure', exit: { code: 1 }, stopRequested: false };

describe('restart policy', () => {
  it('the pauses double from one second to the cap of thirty', () => {
    let policy = RestartPolicy.fresh;
    const delays: number[] = [];
    for (let n = 1; n <= 8; n += 1) {
      const decision = policy.decide(crash);
      assert.ok(decision.kind === 'restart');
      assert.equal(decision.attempt, n);
      delays.push(decision.delayMs);
      policy = policy.after(decision);
    }
    assert.deepEqual(delays, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('the cap holds after any number of restarts', () => {
    let policy = RestartPolicy.fresh;
    for (let n = 0; n < 2_000; n += 1) policy = policy.after(policy.decide(crash));
    assert.deepEqual(policy.decide(crash), { kind: 'restart', delayMs: 30_000, attempt: 2_001 });
  });

  it('ready for thirty seconds begins anew, one ms less does not', () => {
    const second = RestartPolicy.fresh.after(RestartPolicy.fresh.decide(crash));
    for (const [readyForMs, attempt] of [
      [undefined, 2],
      [0, 2],
      [29_999, 2],
      [30_000, 1],
      [30_001, 1],
    ] as const) {
      const decision = second.decide({ ...crash, ...(readyForMs !== undefined && { readyForMs }) });
      assert.deepEqual(decision, { kind: 'restart', delayMs: attempt * 1_000, attempt }, `ready for ${readyForMs}`);
    }
  });

  it('becoming ready is no success when it ends again within ten seconds: the fourth such end is the last', () => {
    let policy = RestartPolicy.fresh;
    for (let n = 1; n <= 3; n += 1) {
      const decision = policy.decide({ ...crash, readyForMs: 9_999 });
      assert.equal(decision.kind, 'restart', `end ${n}`);
      policy = policy.after(decision);
    }
    assert.deepEqual(policy.decide({ ...crash, readyForMs: 9_999 }), { kind: 'giveUp', reason: 'endsSoonAfterReady' });
    assert.equal(policy.decide({ ...crash, readyForMs: 10_000 }).kind, 'restart');
    assert.equal(policy.decide(crash).kind, 'restart', 'one that was never ready is for the spawn budget');
  });

  describe('gives up', () => {
    const cases: readonly [string, Partial<EndFacts>, string][] = [
      ['when a stop was asked for, whatever the exit', { stopRequested: true, exit: { code: 1 } }, 'stopRequested'],
      ['when a stop was asked for, before the policy', { stopRequested: true, policy: 'never' }, 'stopRequested'],
      ['when the definition says never', { policy: 'never' }, 'policyNever'],
      ['when it exited with 0', { exit: { code: 0 } }, 'exitedCleanly'],
    ];
    for (const [contract, differences, reason] of cases) {
      it(contract, () => {
        assert.deepEqual(RestartPolicy.fresh.decide({ ...crash, ...differences }), { kind: 'giveUp', reason });
      });
    }
  });

  it('restarts after a signal and after an end that nobody saw the status of', () => {
    for (const exit of [{ signal: 'SIGKILL' }, {}]) {
      assert.equal(RestartPolicy.fresh.decide({ ...crash, exit }).kind, 'restart');
    }
  });

  it('giving up forgets earlier restarts', () => {
    const second = RestartPolicy.fresh.after(RestartPolicy.fresh.decide(crash));
    const afterStop = second.after(second.decide({ ...crash, stopRequested: true }));
    assert.deepEqual(afterStop.decide(crash), { kind: 'restart', delayMs: 1_000, attempt: 1 });
  });

  it('deciding changes nothing', () => {
    const before = RestartPolicy.fresh.decide(crash);
    assert.deepEqual(RestartPolicy.fresh.decide(crash), before);
  });
});
