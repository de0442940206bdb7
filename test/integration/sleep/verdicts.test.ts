import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import { requests } from '../../../src/protocol/messages';

const api = { command: ['node', 'server.cjs'], port: 'auto', ready: { http: '/' } };

describe('verdicts and what keeps awake', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('every verdict is kept with its kind and reason: refused, slept, woken', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: { ...api, idleTimeout: '700ms' } });
    await window.start('api');
    const hold = window.link.hold({ key: window.key('api'), kind: 'api', reason: 'a test' });
    await window.waitFor('api', (view) => (view.idle?.holds.length ?? 0) > 0);
    await assert.rejects(window.sleepNow('api'));
    hold.dispose();
    await window.waitFor('api', 'quiesced');
    await window.start('api');
    const { verdicts = [], lastUse } = await window.details('api');
    assert.deepEqual(
      verdicts.map(({ kind, text }) => [kind, text]),
      [
        ['refused', 'kept awake: a test'],
        ['slept', 'asleep: nobody used it for 0.7 s'],
        ['woken', 'woken: started by you'],
      ],
    );
    assert.equal(lastUse?.what, 'it became ready');
    assert.equal(window.view('api').lastVerdict, 'woken: started by you');
  });

  it('a keep-awake outlives a restart and ends with a stop', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api });
    await window.start('api');
    await window.link.request(requests.keepAwake, { key: window.key('api') });
    assert.equal((await window.restart('api')).keepAwakeUntil, 'forever');
    assert.equal((await window.stop('api')).keepAwakeUntil, undefined);
    assert.deepEqual((await window.start('api')).idle?.holds, []);
  });

  it('the last use is told, and a hold of another client that names no reason is told in words of ours', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api });
    await window.start('api');
    const key = window.key('api');
    await window.link.request(requests.hold, { key, holdId: 'x', kind: 'debug', reason: '' });
    const held = await window.waitFor('api', (view) => view.idle?.holds.some((hold) => hold.kind === 'debug') ?? false);
    assert.equal(held.idle?.holds[0]?.reason, 'a debug session');
    assert.equal(typeof held.idle.holds[0].since, 'number');
    await window.link.request(requests.releaseHold, { holdId: 'x' });
    assert.equal((await window.details('api')).lastUse?.what, 'the end of: a debug session');
    await window.link.request(requests.markActivity, { key });
    assert.equal((await window.details('api')).lastUse?.what, 'activity was reported for it');
  });
});
