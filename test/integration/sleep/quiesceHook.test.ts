import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { failsWith } from '../../support/failsWith';
import { hostileProgram } from '../../support/hostileProgram';
import { useLeakCheck } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';
import { requests } from '../../../src/protocol/messages';

const hooked = {
  command: hostileProgram('quiesceHook.mjs'),
  port: 'auto',
  ready: { http: '/' },
  activity: { cpu: false },
  stop: { quiesce: { http: '/quiesce' } },
};

describe('a backend that is asked before it sleeps', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const say = async (b: BrokerHarness, status: number): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${b.view('api').publicPort}/say/${status}`, {
      headers: { connection: 'close' },
    });
    await response.text();
  };
  const timesAsked = (b: BrokerHarness): number =>
    readFileSync(b.logFileOf('api'), 'utf8').split('asked by POST').length - 1;

  it('stays awake while it says that it is busy, and sleeps when it agrees', async () => {
    const b = broker();
    await b.declare({ api: { ...hooked, idleTimeout: '600ms' } });
    const { pid } = await b.start('api');
    const kept = await b.waitFor('api', (view) => view.lastVerdict !== undefined);
    assert.equal(kept.lastVerdict, 'kept awake: its quiesce hook did not agree (HTTP 409)');
    assert.equal(kept.pid, pid);
    await say(b, 204);
    const asleep = await b.waitFor('api', 'quiesced');
    assert.match(asleep.lastVerdict ?? '', /^asleep: nobody used it/);
    assert.ok(timesAsked(b) >= 2);
  });

  it('keeps a person from putting a busy one to sleep, and tells why; a stop does not ask', async () => {
    const b = broker();
    const quiesce = { exec: ['sh', '-c', 'echo a job runs; exit 75'] };
    await b.declare({ api: { ...hooked, stop: { quiesce } } });
    await b.start('api');
    await assert.rejects(b.sleepNow('api'), failsWith('cancelled', /did not agree \(exit 75: a job runs\)/));
    assert.equal(b.view('api').state, 'ready');
    assert.equal((await b.stop('api')).state, 'stopped');
  });

  it('is left alone when it is used meanwhile, without waiting for its answer', async () => {
    const b = broker();
    await b.declare({ api: { ...hooked, idleTimeout: '600ms' } });
    await b.start('api');
    await say(b, 0);
    const before = timesAsked(b);
    await waitUntil('it to be asked', () => timesAsked(b) > before);
    await b.link.request(requests.markActivity, { key: b.key('api') });
    const kept = await b.waitFor('api', ({ lastVerdict }) => lastVerdict?.includes('activity was reported') === true);
    assert.equal(kept.state, 'ready');
  });
});
