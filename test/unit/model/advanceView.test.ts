import assert from 'node:assert/strict';
import { advanceView } from '../../../src/model/advanceView';
import { idleOf, viewOf } from './viewOf';

describe('an ageing view', () => {
  it('runs countdowns down to zero, not below', () => {
    const view = viewOf('ready', { idle: idleOf(1_000), restartInMs: 500 });
    for (const [ageMs, remainingMs, restartInMs] of [
      [999, 1, 0],
      [1_000, 0, 0],
      [1_001, 0, 0],
    ] as const) {
      const aged = advanceView(view, ageMs);
      assert.deepEqual([aged.idle?.remainingMs, aged.restartInMs], [remainingMs, restartInMs], `${ageMs}`);
    }
  });

  it('lets a spawn wait grow', () => {
    const spawnWait = { attempt: 1, elapsedMs: 50, nextProbeInMs: 100, hardCeilingMs: 60_000 };
    assert.deepEqual(advanceView(viewOf('starting', { spawnWait }), 60).spawnWait, {
      attempt: 1,
      elapsedMs: 110,
      nextProbeInMs: 40,
      hardCeilingMs: 60_000,
    });
  });

  it('stands still where no countdown runs', () => {
    const held = viewOf('ready', { idle: idleOf(1_000, { kind: 'api', reason: 'tests' }) });
    assert.deepEqual(advanceView(held, 500), held);
    assert.deepEqual(advanceView(viewOf('stopped'), 500), viewOf('stopped'));
  });

  it('is the same object when no time has passed, or time went backwards', () => {
    const view = viewOf('ready', { idle: idleOf(1_000) });
    assert.equal(advanceView(view, 0), view);
    assert.equal(advanceView(view, -5), view);
  });
});
