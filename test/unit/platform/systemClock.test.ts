import assert from 'node:assert/strict';
import { createSystemClock } from '../../../src/platform/systemClock';

describe('createSystemClock', () => {
  const clock = createSystemClock();

  it('tells monotonic and wall time', () => {
    const before = clock.nowMs();
    assert.ok(clock.nowMs() >= before);
    assert.ok(Math.abs(clock.wallMs() - Date.now()) < 1_000);
  });

  it('runs a timer once, clamping what is negative or too long', async () => {
    let tooEarly = false;
    const far = clock.setTimer(Number.MAX_SAFE_INTEGER, () => (tooEarly = true));
    await new Promise<void>((resolve) => clock.setTimer(-5, resolve));
    far.dispose();
    assert.equal(tooEarly, false);
  });

  it('does not run a timer that was disposed', async () => {
    let ran = false;
    clock.setTimer(0, () => (ran = true)).dispose();
    await new Promise<void>((resolve) => clock.setTimer(5, resolve));
    assert.equal(ran, false);
  });
});
