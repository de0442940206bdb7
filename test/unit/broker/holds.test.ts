import assert from 'node:assert/strict';
import { HoldRegistry, type Hold } from '../../../src/broker/holds';
import { ManualClock } from '../vscode/manualClock';

interface Registry {
  readonly clock: ManualClock;
  readonly told: readonly string[];
  readonly holds: HoldRegistry;
  readonly hold: (id: string, owner: string, key?: string) => Hold;
}

describe('holds', () => {
  const registry = (): Registry => {
    const clock = new ManualClock();
    const told: string[] = [];
    const holds = new HoldRegistry(clock, {
      placed: (hold) => told.push(`+${hold.id}`),
      released: (hold) => told.push(`-${hold.id}`),
    });
    const hold = (id: string, owner: string, key = 'api'): Hold => ({
      id,
      owner,
      key,
      kind: 'api',
      reason: `for ${id}`,
    });
    return { clock, told, holds, hold };
  };

  it('end one by one, each told once', () => {
    const { told, holds, hold } = registry();
    holds.place(hold('1', 'window'));
    holds.place(hold('2', 'window'));
    holds.release('1');
    holds.release('1');
    assert.deepEqual(told, ['+1', '+2', '-1']);
    assert.deepEqual(
      holds.of('api').map(({ id }) => id),
      ['2'],
    );
  });

  it('end with their owner, and nobody else’s do', () => {
    const { told, holds, hold } = registry();
    holds.place(hold('1', 'left'));
    holds.place(hold('2', 'right'));
    holds.place(hold('3', 'left', 'web'));
    holds.releaseOwnedBy('left');
    assert.deepEqual(told, ['+1', '+2', '+3', '-1', '-3']);
  });

  it('placed again replace themselves', () => {
    const { told, holds, hold } = registry();
    holds.place(hold('1', 'window'));
    holds.place({ ...hold('1', 'window'), reason: 'another' });
    assert.deepEqual(told, ['+1', '-1', '+1']);
    assert.deepEqual(
      holds.of('api').map(({ reason }) => reason),
      ['another'],
    );
  });

  it('of a keep-awake end after its duration, counted from the last wish', () => {
    const { clock, told, holds } = registry();
    holds.keepAwake('api', 1_000);
    clock.advance(900);
    holds.keepAwake('api', 1_000);
    assert.equal(holds.keepAwakeUntil('api'), clock.wallMs() + 1_000);
    clock.advance(999);
    assert.equal(holds.of('api').length, 1);
    clock.advance(1);
    assert.equal(holds.of('api').length, 0);
    assert.equal(holds.keepAwakeUntil('api'), undefined);
    assert.equal(told.at(-1), '-keepAwake api');
    assert.equal(clock.pending, 0);
  });

  it('of a keep-awake without end last until released, also when it had an end before', () => {
    const { clock, holds } = registry();
    holds.keepAwake('api', 1_000);
    holds.keepAwake('api', undefined);
    clock.advance(100_000);
    assert.equal(holds.keepAwakeUntil('api'), 'forever');
    holds.releaseKeepAwake('api');
    assert.equal(holds.keepAwakeUntil('api'), undefined);
    assert.equal(clock.pending, 0);
  });

  it('are named by kind, for a refusal', () => {
    const { holds, hold } = registry();
    holds.keepAwake('api', undefined);
    holds.place({ ...hold('1', 'window'), kind: 'debug', reason: 'debugged' });
    assert.equal(holds.firstOf('api', ['debug', 'task'])?.reason, 'debugged');
    assert.equal(holds.firstOf('api', ['task']), undefined);
  });

  it('leave no timer when disposed', () => {
    const { clock, holds } = registry();
    holds.keepAwake('api', 1_000);
    holds.dispose();
    assert.equal(clock.pending, 0);
  });
});
