import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLeash } from '../../src/platform/process/leash';
import { spawnBroker } from '../../src/platform/process/spawnBroker';
import { createSystemClock } from '../../src/platform/systemClock';
import { stateDirArgument } from '../../src/protocol/brokerPlaces';
import { isAlive } from '../support/brokerHarness';
import { idleBackend, rounds, useFaultScenario } from '../support/faultScenario';
import { repositoryRoot } from '../support/repositoryRoot';
import { useTempDir } from '../support/tempDir';
import { waitUntil } from '../support/waitUntil';

describe('faults: races and pauses', function () {
  this.timeout(Math.max(60_000, rounds(1) * 10_000));
  const scenario = useFaultScenario();
  const dir = useTempDir();

  it('a window that reloads again and again finds the same processes', async () => {
    const s = scenario();
    const pids = await s.startIdle(3);
    for (let reload = 0; reload < 50; reload++) {
      const window = s.broker.window();
      await window.declare({ idle0: idleBackend, idle1: idleBackend, idle2: idleBackend });
      await window.details('idle0');
      assert.deepEqual(
        [0, 1, 2].map((n) => window.view(`idle${n}`).pid),
        pids,
      );
      window.link.dispose();
    }
    assert.equal(s.broker.brokerPids.length, 1);
  });

  it('two windows that start a backend at the same moment start one', async () => {
    const s = scenario();
    const windows = [s.broker.window(), s.broker.window()];
    for (const window of windows) await window.declare({ api: idleBackend });
    for (let round = 0; round < rounds(10); round++) {
      const [one, two] = await Promise.all(windows.map((window) => window.start('api')));
      assert.equal(one?.pid, two?.pid);
      assert.equal(s.survivors().filter((line) => line.includes('neverListens')).length, 1);
      await windows[round % 2]?.stop('api');
    }
  });

  it('a new broker and the deadline of the leash: one of them gets the runs, never both, never neither', async () => {
    const clock = createSystemClock();
    let adopted = 0;
    for (let round = 0; round < rounds(12); round++) {
      const records = join(dir(), 'runs', `dead${round}`);
      const taken = join(dir(), 'runs', `new${round}`);
      mkdirSync(records, { recursive: true });
      const marker = round.toString(16).padStart(32, '0');
      writeFileSync(join(records, `${marker}.json`), '{}');
      const leash = await startLeash({ records, machine: `m${round}` }, clock);
      await leash.send({ kind: 'hold', holdMs: 300 });
      await leash.send({ kind: 'run', run: { marker, leader: undefined, signal: 'SIGTERM', graceMs: 0 } });
      leash.release();
      await sleep(200 + Math.random() * 300);
      let won = true;
      try {
        renameSync(records, taken);
      } catch {
        won = false;
      }
      await leash.exited;
      assert.equal(existsSync(join(taken, `${marker}.json`)), won, `round ${round}`);
      assert.equal(existsSync(records), false);
      if (won) adopted++;
    }
    assert.ok(adopted <= rounds(12));
  });

  it('a broker that is suspended for longer than the hold is not dead: nothing is touched', async () => {
    const s = scenario();
    const pids = await s.startIdle(2);
    const broker = s.broker.brokerPid ?? 0;
    process.kill(broker, 'SIGSTOP');
    const script = join(repositoryRoot, 'out', 'src', 'broker', 'brokerMain.js');
    const env = { PATH: process.env['PATH'] ?? '' };
    const second = await spawnBroker({ script, args: [stateDirArgument, s.broker.stateDir], env });
    assert.ok(second.kind === 'started');
    // It finds the place taken, whoever sits there and however long it has been silent.
    await second.exited;
    const suspendedAtMs = performance.now();
    await waitUntil('the hold to be over', () => performance.now() - suspendedAtMs > 4_000);
    assert.deepEqual(pids.filter(isAlive), pids);
    process.kill(broker, 'SIGCONT');
    assert.equal((await s.broker.start('idle0')).pid, pids[0]);
  });

  it('a window that dies in the middle of a start leaves it to the other one that waits', async () => {
    const s = scenario();
    const [dying, waiting] = [s.broker.window(), s.broker.window()];
    const gate = join(s.broker.folder, 'gate');
    const slow = {
      command: ['/bin/sh', '-c', 'while [ ! -e gate ]; do sleep 0.05; done; echo open; exec sleep 100'],
      ready: { log: 'open' },
    };
    for (const window of [dying, waiting]) await window.declare({ slow });
    await waiting.details('slow');
    const gone = dying.start('slow').catch(() => undefined);
    const { pid } = await waiting.waitFor('slow', (view) => view.state === 'starting' && view.pid !== undefined);
    const asked = waiting.start('slow');
    dying.link.dispose();
    writeFileSync(gate, '');
    assert.equal((await asked).pid, pid);
    await gone;
  });
});
