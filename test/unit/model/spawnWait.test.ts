import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  defaultSpawnWaitHardCeilingMs,
  spawnWaitBackoffSequenceMs,
  SpawnWaitPolicy,
  type SpawnWaitDecision,
  type SpawnWaitProbe,
} from '../../../src/model/spawnWait';

const waiting: SpawnWaitProbe = { elapsedMs: 0, daemonAlive: true, endpointReady: false, attempt: 0 };

describe('spawn wait', () => {
  it('the default hard ceiling is sixty seconds', () => {
    assert.equal(defaultSpawnWaitHardCeilingMs, 60_000);
    assert.equal(new SpawnWaitPolicy().hardCeilingMs, 60_000);
    assert.equal(SpawnWaitPolicy.withHardCeiling(125).hardCeilingMs, 125);
  });

  it('the backoff sequence is fixed and its last step repeats', () => {
    const policy = new SpawnWaitPolicy();
    assert.deepEqual(spawnWaitBackoffSequenceMs, [50, 100, 200, 500, 1000, 2000]);
    const attempts = [0, 1, 2, 3, 4, 5, 6, 7, 999];
    assert.deepEqual(
      attempts.map((attempt) => policy.backoffForAttempt(attempt)),
      [50, 100, 200, 500, 1000, 2000, 2000, 2000, 2000],
    );
  });

  describe('decides at the boundary and one step on each side', () => {
    const cases: readonly [string, Partial<SpawnWaitProbe>, SpawnWaitDecision][] = [
      ['the first probe sleeps the first step', {}, { kind: 'sleep', durationMs: 50 }],
      ['the second probe sleeps the second step', { attempt: 1 }, { kind: 'sleep', durationMs: 100 }],
      ['a step that just fits is not clipped', { elapsedMs: 75 }, { kind: 'sleep', durationMs: 50 }],
      ['a step that passes the ceiling is clipped', { elapsedMs: 76 }, { kind: 'sleep', durationMs: 49 }],
      ['one ms before the ceiling sleeps one ms', { elapsedMs: 124, attempt: 9 }, { kind: 'sleep', durationMs: 1 }],
      ['at the ceiling it is a timeout', { elapsedMs: 125 }, { kind: 'timeout', hardCeilingMs: 125 }],
      ['past the ceiling it is a timeout', { elapsedMs: 126 }, { kind: 'timeout', hardCeilingMs: 125 }],
      ['a dead process is told before the ceiling', { daemonAlive: false }, { kind: 'daemonExitedBeforeReady' }],
      [
        'a dead process is told at the ceiling too',
        { daemonAlive: false, elapsedMs: 125 },
        { kind: 'daemonExitedBeforeReady' },
      ],
      ['a ready endpoint wins at the ceiling', { endpointReady: true, elapsedMs: 125 }, { kind: 'endpointReady' }],
      [
        'a ready endpoint wins over a dead leader',
        { endpointReady: true, daemonAlive: false, elapsedMs: 30_000, attempt: 5 },
        { kind: 'endpointReady' },
      ],
    ];
    for (const [contract, differences, decision] of cases) {
      it(contract, () => {
        assert.deepEqual(SpawnWaitPolicy.withHardCeiling(125).decide({ ...waiting, ...differences }), decision);
      });
    }
  });

  it('a ceiling of zero gives up at the first look', () => {
    assert.deepEqual(SpawnWaitPolicy.withHardCeiling(0).decide(waiting), { kind: 'timeout', hardCeilingMs: 0 });
  });

  it('the sum of sleeps never passes the hard ceiling, and the wait always ends', () => {
    const probeCosts = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120_000 }), probeCosts, (ceilingMs, costsMs) => {
        const policy = SpawnWaitPolicy.withHardCeiling(ceilingMs);
        let elapsedMs = 0;
        let sleptMs = 0;
        for (let attempt = 0; ; attempt += 1) {
          elapsedMs += costsMs[attempt % costsMs.length] ?? 0;
          const decision = policy.decide({ ...waiting, elapsedMs, attempt });
          if (decision.kind !== 'sleep') {
            assert.deepEqual(decision, { kind: 'timeout', hardCeilingMs: ceilingMs });
            break;
          }
          assert.ok(decision.durationMs > 0, 'a sleep of nothing would spin');
          elapsedMs += decision.durationMs;
          sleptMs += decision.durationMs;
          assert.ok(sleptMs <= ceilingMs, `slept ${sleptMs} of ${ceilingMs}`);
        }
      }),
    );
  });

  it('with probes that cost nothing the ceiling is met exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120_000 }), (ceilingMs) => {
        const policy = SpawnWaitPolicy.withHardCeiling(ceilingMs);
        let elapsedMs = 0;
        for (let attempt = 0; ; attempt += 1) {
          const decision = policy.decide({ ...waiting, elapsedMs, attempt });
          if (decision.kind !== 'sleep') break;
          elapsedMs += decision.durationMs;
        }
        assert.equal(elapsedMs, ceilingMs);
      }),
    );
  });
});
