import assert from 'node:assert/strict';
import { spawnBroker } from '../../../src/platform/process/spawnBroker';
import type { StartedBroker } from '../../../src/protocol/brokerLink';
import { useBroker } from '../../support/brokerHarness';
import { hostileProgram } from '../../support/hostileProgram';
import { waitUntil } from '../../support/waitUntil';

const idle = { command: hostileProgram('neverListens.mjs'), ready: 'none' };

/** One that finds the place taken and leaves. */
async function leavesAtOnce(): Promise<StartedBroker> {
  const start = await spawnBroker({ script: '-e', args: ['0'], env: {} });
  if (start.kind === 'failed') assert.fail(start.problem.message);
  return { exited: start.exited.then(() => 'it left') };
}

describe('a window that needs a broker', function () {
  this.timeout(60_000);
  // However long a new one takes, the leash waits for it.
  const broker = useBroker({ reconnectGraceMs: 30_000 });

  /** The grace is for windows that come back. */
  const endBroker = (pid: number | undefined): void => void process.kill(pid ?? 0, 'SIGTERM');

  it('starts another one when that which it started has found the place taken, and nobody is there', async () => {
    const b = broker();
    let starts = 0;
    const window = b.window({ startBroker: (start) => (++starts < 3 ? leavesAtOnce() : start()) });
    await window.declare({ idle });
    assert.equal((await window.start('idle')).state, 'ready');
    assert.equal(starts, 3);
    endBroker(b.brokerPid);
  });

  it('gives up when they all leave, and says so', async () => {
    const window = broker().window({ startBroker: leavesAtOnce });
    await window.declare({ idle });
    await assert.rejects(window.start('idle'), /The broker ended before it could be reached: it left/);
  });

  it('tries again by itself when no new one could be had for what was up', async () => {
    const b = broker();
    let starts = 0;
    const fails = (): Promise<never> => Promise.reject(new Error('no process can be started'));
    const window = b.window({ startBroker: (start) => (++starts === 2 ? fails() : start()) });
    await window.declare({ idle });
    const { pid } = await window.start('idle');
    const killed = b.brokerPid ?? 0;
    process.kill(killed, 'SIGKILL');
    await waitUntil('a new broker', () => b.brokerPid !== killed && window.link.state === 'connected', 40_000);
    assert.equal(window.view('idle').pid, pid);
    assert.ok(window.linkStates.some(({ state }) => state === 'lost'));
    endBroker(b.brokerPid);
  });
});
