import assert from 'node:assert/strict';
import { isAlive } from '../support/brokerHarness';
import { idleBackend, rounds, useFaultScenario } from '../support/faultScenario';
import { processFacts } from '../support/processFacts';
import { waitUntil } from '../support/waitUntil';

describe('faults: the leash is killed', function () {
  this.timeout(Math.max(60_000, rounds(1) * 10_000));
  const scenario = useFaultScenario();

  it('alone: another one is there at once, nothing is stopped, and it holds what the first one held', async () => {
    const s = scenario();
    const pids = await s.startIdle(3);
    for (let round = 0; round < rounds(2); round++) {
      const leash = await s.leashPid();
      process.kill(leash, 'SIGKILL');
      await waitUntil('another leash', async () => !isAlive(leash) && (await s.leashPid()) !== leash);
      assert.deepEqual(pids.filter(isAlive), pids);
    }
    // A backend that is started now is answered for by the new leash: by then it has been told of all.
    await s.broker.declare({ idle0: idleBackend, idle1: idleBackend, idle2: idleBackend, last: idleBackend });
    await s.broker.start('last');
    s.leave();
    s.killBroker();
    await s.nothingLeft();
  });

  it('together with the broker: the next window takes over the same processes', async () => {
    const s = scenario();
    const pids = await s.startIdle(3);
    const leash = await s.leashPid();
    const window = s.broker.window();
    s.leave();
    for (const pid of [s.broker.brokerPid ?? 0, leash]) process.kill(pid, 'SIGKILL');
    await waitUntil('both to be gone', () => !isAlive(leash) && !isAlive(s.broker.brokerPid ?? 0));
    await window.declare({ idle0: idleBackend, idle1: idleBackend, idle2: idleBackend });
    await window.details('idle0');
    assert.deepEqual(
      [0, 1, 2].map((n) => window.view(`idle${n}`).pid),
      pids,
    );
  });

  it('together with the broker: what the next window does not declare is stopped', async () => {
    const s = scenario();
    await s.startIdle(2);
    const leash = await s.leashPid();
    const window = s.broker.window();
    s.leave();
    for (const pid of [leash, s.broker.brokerPid ?? 0]) process.kill(pid, 'SIGKILL');
    await window.declare({ other: idleBackend });
    await window.details('other');
    await waitUntil(
      'the others to be stopped',
      () => s.survivors().filter((line) => line.includes('neverListens')).length === 0,
      15_000,
    );
    assert.equal(window.link.state, 'connected');
  });

  it('is not killed with everything named node: it ends what is left', async () => {
    const s = scenario();
    await s.broker.declare({
      node: idleBackend,
      shell: { command: ['/bin/sh', '-c', 'while :; do sleep 1; done'], ready: 'none' },
    });
    await s.broker.start('node');
    const { pid: shell } = await s.broker.start('shell');
    s.leave();
    const nodes = s
      .survivors()
      .map((line) => Number.parseInt(line, 10))
      .filter((pid) => nameOf(pid) === 'node');
    assert.equal(nodes.length >= 2, true);
    for (const pid of nodes) process.kill(pid, 'SIGKILL');
    assert.equal(isAlive(shell ?? 0), true);
    await s.nothingLeft();
  });

  it('was suspended while the broker died: it acts when it goes on', async () => {
    const s = scenario();
    const pids = await s.startIdle(2);
    const leash = await s.leashPid();
    process.kill(leash, 'SIGSTOP');
    s.leave();
    s.killBroker();
    await waitUntil('the broker to be gone', () => !isAlive(s.broker.brokerPid ?? 0));
    assert.deepEqual(pids.filter(isAlive), pids);
    process.kill(leash, 'SIGCONT');
    await s.nothingLeft();
  });

  it('is suspended for ever: backends start all the same, and are taken over by the next broker', async () => {
    const s = scenario();
    await s.startIdle(1);
    const leash = await s.leashPid();
    process.kill(leash, 'SIGSTOP');
    await s.broker.declare({ idle0: idleBackend, late: idleBackend });
    const { pid } = await s.broker.start('late');
    const first = s.broker.brokerPid;
    s.killBroker();
    await waitUntil('a new broker', () => s.broker.brokerPid !== first && s.broker.link.state === 'connected');
    assert.equal(s.broker.view('late').pid, pid);
    process.kill(leash, 'SIGCONT');
    await waitUntil('the old leash to leave', () => !isAlive(leash));
    assert.equal(isAlive(pid ?? 0), true);
  });
});

function nameOf(pid: number): string | undefined {
  return processFacts(pid)?.name;
}
