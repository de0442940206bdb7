import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import type { TestWindow } from '../../support/testWindow';
import { waitUntil } from '../../support/waitUntil';

describe('a look that is made because of what happens elsewhere', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  /** Neither prints nor listens: beside the schedule, nothing of its own makes anybody look. */
  const silent = { command: ['sleep', '600'], port: 'auto', ready: { log: 'never said', timeout: '10m' } };

  /** Why looks were made that are none of the schedule. */
  async function extraLooks(window: TestWindow, name: string): Promise<readonly string[]> {
    const { probes } = await window.details(name);
    return [...new Set(probes.filter(({ attempt }) => attempt === undefined).map(({ reason }) => reason))];
  }

  function someExtraLook(window: TestWindow, name: string): Promise<readonly string[]> {
    return waitUntil('an extra look', async () => {
      const looks = await extraLooks(window, name);
      return looks.length > 0 && looks;
    });
  }

  it('is made when a client is held by the gateway of one that starts', async () => {
    const window = broker().window();
    await window.declare({ api: { ...silent, gateway: true } });
    const start = window.start('api').catch((error: unknown) => error);
    const { publicPort = 0 } = await window.waitFor('api', ({ pid }) => pid !== undefined);
    assert.deepEqual(await extraLooks(window, 'api'), []);
    const client = connect(publicPort, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'));
    client.on('error', () => {});
    try {
      assert.deepEqual(await someExtraLook(window, 'api'), ['a client waits']);
    } finally {
      client.destroy();
    }
    await window.stop('api');
    await start;
  });

  it('is made when a dependency becomes ready again, and of nobody else', async () => {
    const window = broker().window();
    const db = { command: ['sleep', '600'], ready: 'none', restart: 'onFailure' };
    await window.declare({ db, api: { ...silent, dependsOn: ['db'] }, other: silent });
    const starts = ['api', 'other'].map((name) => window.start(name).catch((error: unknown) => error));
    for (const name of ['api', 'other']) await window.waitFor(name, ({ pid }) => pid !== undefined);
    assert.deepEqual(await extraLooks(window, 'api'), [], 'it was ready before the api was started');
    const first = await window.waitFor('db', ({ state, pid }) => state === 'ready' && pid !== undefined);
    process.kill(first.pid ?? 0, 'SIGKILL');
    assert.deepEqual(await someExtraLook(window, 'api'), ['db is ready']);
    await window.waitFor('db', ({ state, pid }) => state === 'ready' && pid !== first.pid);
    assert.deepEqual(await extraLooks(window, 'other'), []);
    for (const name of ['api', 'db', 'other']) await window.stop(name);
    await Promise.all(starts);
  });
});
