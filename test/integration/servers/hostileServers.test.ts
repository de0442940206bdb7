import assert from 'node:assert/strict';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { failsWith, failureOf } from '../../support/failsWith';
import { hostileProgram } from '../../support/hostileProgram';
import { useLeakCheck } from '../../support/leakCheck';
import { requests } from '../../../src/protocol/messages';

describe('servers that misbehave', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('one that ignores SIGTERM is killed after the grace, and the timeline says so', async () => {
    const window = broker().window();
    const deaf = { command: hostileProgram('ignoresTerm.mjs'), ready: { log: 'up' }, stop: { grace: '400ms' } };
    await window.declare({ deaf });
    const { pid } = await window.start('deaf');
    const askedAt = performance.now();
    assert.equal((await window.stop('deaf')).state, 'stopped');
    assert.ok(performance.now() - askedAt >= 400, 'not before the grace');
    assert.equal(isAlive(pid ?? 0), false);
    const { timeline } = await window.details('deaf');
    assert.match(timeline.at(-1)?.cause ?? '', /did not react to SIGTERM and was killed/);
  });

  it('one that exits before it is ready shows code and last lines', async () => {
    const window = broker().window();
    await window.declare({ broken: { command: hostileProgram('exitsBeforeReady.mjs', '4'), port: 'auto' } });
    const error = await failureOf(window.start('broken'));
    assert.equal(error.code, 'exitedBeforeReady');
    assert.equal(error.failure.exitCode, 4);
    assert.deepEqual(error.failure.logTail, ['starting', 'Error: cannot find the configuration']);
    assert.deepEqual(window.view('broken').failure, error.failure);
  });

  it('one that never gets ready is stopped at the ceiling, which tells what was looked at', async () => {
    const window = broker().window();
    const ready = { http: '/health', timeout: '900ms' };
    await window.declare({ never: { command: hostileProgram('neverListens.mjs'), port: 'auto', ready } });
    const rejected = failureOf(window.start('never'));
    const { pid } = await window.waitFor('never', (view) => view.pid !== undefined);
    const error = await rejected;
    assert.equal(error.code, 'readyTimeout');
    assert.match(error.failure.probed ?? '', /\/health/);
    assert.deepEqual(error.failure.logTail, ['almost there']);
    assert.equal(isAlive(pid ?? 0), false);
    const { probes } = await window.details('never');
    const scheduled = probes.filter((probe) => probe.attempt !== undefined).map((probe) => probe.attempt);
    assert.deepEqual(scheduled.slice(0, 4), [0, 1, 2, 3], 'every scheduled look is told');
  });

  it('one with a child in a session of its own takes it along', async () => {
    const window = broker().window();
    await window.declare({ parent: { command: hostileProgram('setsidChild.mjs'), ready: { log: 'child' } } });
    await window.start('parent');
    const { pids } = await window.link.request(requests.processTree, { key: window.key('parent') });
    assert.equal(pids.length, 2);
    await window.stop('parent');
    assert.deepEqual(pids.filter(isAlive), []);
  });

  it('one that fails and leaves a child behind has it ended too', async () => {
    const window = broker().window();
    await window.declare({ parent: { command: hostileProgram('leavesChild.sh', '1'), ready: { log: 'never' } } });
    const error = await failureOf(window.start('parent'));
    assert.equal(error.code, 'exitedBeforeReady');
    const child = Number(/child (\d+)/.exec(error.failure.logTail.join('\n'))?.[1]);
    assert.ok(child > 1);
    assert.equal(isAlive(child), false);
  });

  it('one that stops itself is continued so that it can end', async () => {
    const window = broker().window();
    await window.declare({ frozen: { command: hostileProgram('stopsItself.sh'), ready: { log: 'up' } } });
    const { pid } = await window.start('frozen');
    assert.equal((await window.stop('frozen')).state, 'stopped');
    assert.equal(isAlive(pid ?? 0), false);
  });

  it('one that prints without end is ready, bounded and stoppable', async () => {
    const window = broker().window();
    await window.declare({
      loud: { command: hostileProgram('printsForever.mjs', '200000', 'stay'), ready: { log: 'line' } },
    });
    await window.start('loud');
    assert.equal((await window.stop('loud')).state, 'stopped');
    await assert.rejects(window.sleepNow('loud'), failsWith('cancelled', /it is stopped/));
  });
});
