import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupMembers, groupPlace } from '../../src/platform/process/controlGroup';
import { newMarker } from '../../src/platform/process/runMarker';
import { isAlive } from '../support/brokerHarness';
import { patientMs, useFaultScenario, type FaultScenario } from '../support/faultScenario';
import { hostileProgram } from '../support/hostileProgram';
import { waitUntil } from '../support/waitUntil';

const hasGroups = groupPlace(newMarker()).kind === 'place';

describe('faults: with a strict stop', function () {
  this.timeout(60_000);
  const scenario = useFaultScenario();

  interface Escaped {
    readonly leader: number;
    readonly daemon: number;
    readonly count: string;
    readonly group: string;
  }

  /** A backend whose daemon has dropped all that would tell where it came from. */
  const startEscaping = async (s: FaultScenario): Promise<Escaped> => {
    const count = join(s.broker.root, 'count');
    const command = hostileProgram('escapes.sh', count, 'stays', process.execPath);
    await s.broker.declare({ api: { command, ready: { log: 'up' }, stop: { strict: true } } });
    const { pid: leader = 0 } = await s.broker.start('api');
    const { group = '' } = JSON.parse(s.records()[0] ?? '{}') as { readonly group?: string };
    const daemon = await waitUntil('the daemon', () => groupMembers(group).find((pid) => pid !== leader));
    return { leader, daemon, count, group };
  };

  if (!hasGroups) {
    it('where no control group can be made: it runs all the same, and says plainly what it lacks', async () => {
      const s = scenario();
      await s.broker.declare({ api: { command: ['sleep', '100'], ready: 'none', stop: { strict: true } } });
      assert.match((await s.broker.start('api')).notStrict ?? '', /^"stop.strict" cannot be had: /);
    });
    return;
  }

  it('a daemon that nothing else still knows is gone after a stop, told once, and so is the group', async () => {
    const s = scenario();
    const { daemon, count, group } = await startEscaping(s);
    await s.broker.stop('api');
    assert.equal(isAlive(daemon), false);
    assert.equal(readFileSync(count, 'utf8'), '1');
    assert.equal(existsSync(group), false);
  });

  it('the broker is killed and nobody comes: the leash ends the daemon with one signal, and removes the group', async () => {
    const s = scenario();
    const { count } = await startEscaping(s);
    s.leave();
    s.killBroker();
    await s.nothingLeft();
    assert.equal(readFileSync(count, 'utf8'), '1');
  });

  it('the broker is killed: the next one takes over the group, and stops the daemon too', async () => {
    const s = scenario(patientMs);
    const { leader, daemon } = await startEscaping(s);
    await s.replaceBroker();
    assert.equal((await s.broker.waitFor('api', 'ready')).pid, leader);
    assert.ok(isAlive(daemon));
    await s.broker.stop('api');
    assert.equal(isAlive(daemon), false);
    assert.deepEqual(s.records(), []);
  });

  it('broker and leader are killed: the daemon is found, and ended', async () => {
    const s = scenario();
    const { leader, daemon } = await startEscaping(s);
    const leash = await s.leashPid();
    const window = s.broker.window();
    s.leave();
    for (const pid of [leash, s.broker.brokerPid ?? 0, leader]) process.kill(pid, 'SIGKILL');
    await window.declare({ other: { command: ['sleep', '100'], ready: 'none' } });
    await window.details('other');
    await waitUntil('the daemon to be stopped', () => !isAlive(daemon), 20_000);
  });
});
