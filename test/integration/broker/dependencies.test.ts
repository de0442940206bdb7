import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import { BackendFailure } from '../../../src/protocol/backendFailure';
import { requests } from '../../../src/protocol/messages';

describe('dependencies in a real broker', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const server = (dependsOn: string[] = []): object => ({
    command: ['node', 'server.cjs'],
    port: 'auto',
    ready: { http: '/' },
    dependsOn,
  });

  it('brings dependencies up first and stops dependents first', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({
      db: server(),
      migrate: { command: 'echo migrated > migrated.txt', oneShot: true, dependsOn: ['db'] },
      api: { ...server(['db', 'migrate']), env: { DB: '${backend:db.port}' } },
    });
    const waiting = b.waitFor('api', 'waiting');
    const api = await b.start('api');
    await waiting;
    assert.equal(api.state, 'ready');
    assert.equal(b.view('db').state, 'ready');
    assert.equal(b.view('migrate').state, 'ready');
    assert.equal(b.view('migrate').pid, undefined);
    await b.stop('db');
    assert.equal(b.view('api').state, 'stopped');
    assert.equal(b.view('db').state, 'stopped');
    const details = await b.link.request(requests.details, { key: b.key('api') });
    assert.match(details.timeline.at(-1)?.cause ?? '', /"db", which it depends on, is stopped/);
  });

  it('tells each of several that are stopped together who asked for it, not what it depends on', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ db: server(), api: server(['db']), web: server(['api']) });
    await b.start('web');
    await Promise.all(['web', 'api', 'db'].map((name) => b.stop(name)));
    for (const name of ['web', 'api', 'db']) {
      const { timeline } = await b.link.request(requests.details, { key: b.key(name) });
      assert.doesNotMatch(timeline.at(-1)?.cause ?? '', /which it depends on/, name);
    }
  });

  it('fails its dependents with the cause', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ db: { command: 'exit 7', port: 'auto' }, api: server(['db']) });
    await assert.rejects(b.start('api'), (error: unknown) => {
      assert.ok(error instanceof BackendFailure && error.code === 'dependencyFailed');
      assert.match(error.message, /"db" exited with code 7/);
      return true;
    });
    assert.equal(b.view('api').state, 'failed');
    assert.equal(b.view('db').state, 'failed');
  });

  it('keeps a dependency awake until all that depend on it sleep', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ db: { ...server(), idleTimeout: '300ms' }, api: { ...server(['db']), idleTimeout: '1500ms' } });
    await b.start('api');
    await b.waitFor('db', (view) => view.idle?.holds.some((hold) => hold.kind === 'dependent') ?? false);
    await b.waitFor('api', 'quiesced');
    assert.equal(b.view('db').state, 'ready', 'the database was kept awake for as long as the api was up');
    await b.waitFor('db', 'quiesced');
  });

  it('restarts after a crash under the policy, and reports the crash', async () => {
    const b = broker();
    b.write(
      'flaky.cjs',
      `${httpServerSource}\nif (!require('node:fs').existsSync('once')) { require('node:fs').writeFileSync('once', ''); setTimeout(() => process.exit(9), 700); }`,
    );
    await b.declare({ api: { ...server(), command: ['node', 'flaky.cjs'], restart: 'onFailure' } });
    const first = await b.start('api');
    const failed = await b.waitFor('api', 'failed');
    assert.equal(failed.failure?.code, 'crashed');
    assert.equal(failed.failure.exitCode, 9);
    const again = await b.waitFor('api', 'ready');
    assert.notEqual(again.pid, first.pid);
  });
});
