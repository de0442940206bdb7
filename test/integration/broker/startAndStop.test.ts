import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { isAlive, useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { failsWith } from '../../support/failsWith';
import { hostileProgram } from '../../support/hostileProgram';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import type { TestWindow } from '../../support/testWindow';
import { waitUntil } from '../../support/waitUntil';
import { requests } from '../../../src/protocol/messages';

const server = { command: ['node', 'server.cjs'], port: 'auto', ready: { http: '/' } };
const never = { command: hostileProgram('neverListens.mjs'), port: 'auto', ready: { tcp: true } };
/** Takes a second to end. */
const slowToEnd = httpServerSource.replace('process.exit(0)', 'setTimeout(() => process.exit(0), 1000)');

describe('starts and stops that cross each other', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('a stop ends a start in progress', async () => {
    const window = broker().window();
    await window.declare({ never });
    const rejected = assert.rejects(window.start('never'), failsWith('cancelled'));
    const { pid } = await window.waitFor('never', (view) => view.pid !== undefined);
    assert.equal((await window.stop('never')).state, 'stopped');
    await rejected;
    assert.equal(isAlive(pid ?? 0), false);
  });

  it('a start during a stop begins when the stop is done', async () => {
    const b = broker();
    b.write('server.cjs', slowToEnd);
    const window = b.window();
    await window.declare({ api: server });
    const first = await window.start('api');
    const stopped = window.stop('api');
    await window.waitFor('api', 'stopping');
    const second = await window.start('api');
    await stopped;
    assert.equal(second.state, 'ready');
    assert.notEqual(second.pid, first.pid);
    assert.equal(isAlive(first.pid ?? 0), false);
  });

  it('a start during the hard drain begins when it is asleep', async () => {
    const b = broker();
    b.write('server.cjs', slowToEnd);
    const window = b.window();
    await window.declare({ api: server });
    const first = await window.start('api');
    const asleep = window.sleepNow('api');
    await waitUntil('the first signal', () => b.logOf('api').includes('bye'));
    await window.waitFor('api', 'draining');
    const second = await window.start('api');
    await asleep;
    assert.equal(second.state, 'ready');
    assert.notEqual(second.pid, first.pid);
    const { timeline } = await window.details('api');
    assert.deepEqual(
      timeline.map((entry) => entry.state),
      ['starting', 'ready', 'draining', 'quiesced', 'starting', 'ready'],
    );
  });

  it('two stops are one', async () => {
    const b = broker();
    b.write('server.cjs', slowToEnd);
    const window = b.window();
    await window.declare({ api: server });
    await window.start('api');
    const views = await Promise.all([window.stop('api'), window.stop('api')]);
    assert.deepEqual(
      views.map((view) => view.state),
      ['stopped', 'stopped'],
    );
    const { timeline } = await window.details('api');
    assert.equal(timeline.filter((entry) => entry.state === 'stopping').length, 1);
    assert.equal((await window.stop('api')).state, 'stopped', 'stopping what is stopped is no error');
  });

  it('a restart gives a new process on the same port', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: server });
    const first = await window.start('api');
    const second = await window.restart('api');
    assert.notEqual(second.pid, first.pid);
    assert.equal(second.publicPort, first.publicPort);
    assert.equal(isAlive(first.pid ?? 0), false);
  });

  it('cancelling what waits gives up the dependency that only it wanted', async () => {
    const window = broker().window();
    await window.declare({ db: never, api: { ...never, dependsOn: ['db'] } });
    const rejected = assert.rejects(window.start('api'), failsWith('cancelled'));
    const { pid } = await window.waitFor('db', (view) => view.pid !== undefined);
    assert.equal(window.view('api').state, 'waiting');
    assert.equal((await window.cancelStart('api')).state, 'stopped');
    await rejected;
    assert.equal(window.view('db').state, 'stopped');
    assert.equal(isAlive(pid ?? 0), false);
  });

  it('cancelling what waits leaves a dependency that somebody else wants, and does not wait for it', async () => {
    const window = broker().window();
    await window.declare({ db: never, api: { ...never, dependsOn: ['db'] } });
    const db = assert.rejects(window.start('db'), failsWith('cancelled'));
    const api = assert.rejects(window.start('api'), failsWith('cancelled'));
    await window.waitFor('api', 'waiting');
    assert.equal((await window.cancelStart('api')).state, 'stopped');
    await api;
    assert.equal(window.view('db').state, 'starting');
    await window.cancelStart('db');
    await db;
  });

  it('a stop right after a crash calls off the restart', async () => {
    const b = broker();
    b.write('server.cjs', `${httpServerSource}process.on('SIGUSR2', () => process.exit(9));`);
    const window = b.window();
    await window.declare({ api: { ...server, restart: 'onFailure' } });
    const { pid, publicPort } = await window.start('api');
    process.kill(pid ?? 0, 'SIGUSR2');
    await window.waitFor('api', 'failed');
    const stopped = await window.stop('api');
    assert.equal(stopped.state, 'stopped');
    assert.equal(stopped.restartInMs, undefined);
    const stoppedAt = performance.now();
    await waitUntil('longer than the first restart', () => performance.now() - stoppedAt > 1_500);
    assert.equal(window.view('api').state, 'stopped');
    await assert.rejects(fetch(`http://127.0.0.1:${publicPort}/`));
  });

  it('what a one-shot leaves in the background ends with it', async () => {
    const window = broker().window();
    await window.declare({ migrate: { command: hostileProgram('leavesChild.sh'), oneShot: true } });
    const { logFile = '' } = await window.start('migrate').then(() => window.details('migrate'));
    const child = Number(/child (\d+)/.exec(readLog(logFile))?.[1]);
    assert.ok(child > 1);
    assert.equal(isAlive(child), false);
  });
});

describe('what keeps a backend awake', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const startShort = async (): Promise<{ b: BrokerHarness; window: TestWindow; key: string }> => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: { ...server, idleTimeout: '800ms' } });
    await window.start('api');
    return { b, window, key: window.key('api') };
  };

  it('a keep-awake ends after its duration', async () => {
    const { window, key } = await startShort();
    const kept = await window.link.request(requests.keepAwake, { key, durationMs: 1_500 });
    assert.ok(typeof kept.keepAwakeUntil === 'number' && kept.keepAwakeUntil > Date.now());
    assert.deepEqual(
      kept.idle?.holds.map(({ kind, reason }) => [kind, reason]),
      [['keepAwake', 'kept awake by you']],
    );
    const askedAt = performance.now();
    const asleep = await window.waitFor('api', 'quiesced');
    assert.ok(performance.now() - askedAt > 1_500);
    assert.equal(asleep.keepAwakeUntil, undefined);
  });

  it('a keep-awake without end is released by hand', async () => {
    const { window, key } = await startShort();
    assert.equal((await window.link.request(requests.keepAwake, { key })).keepAwakeUntil, 'forever');
    const askedAt = performance.now();
    await waitUntil('longer than the timeout', () => performance.now() - askedAt > 1_200);
    assert.equal(window.view('api').state, 'ready');
    await window.link.request(requests.releaseKeepAwake, { key });
    await window.waitFor('api', 'quiesced');
  });

  it('the holds of a client end with its connection', async () => {
    const { b, window, key } = await startShort();
    const other = b.window();
    await other.declare({ api: { ...server, idleTimeout: '800ms' } });
    await other.link.connectExisting();
    other.link.hold({ key, kind: 'agent', reason: 'an agent works with it' });
    await window.waitFor('api', (view) => view.idle?.holds.some((hold) => hold.kind === 'agent') ?? false);
    await assert.rejects(window.sleepNow('api'), failsWith('cancelled', /an agent works with it/));
    other.link.dispose();
    await window.waitFor('api', 'quiesced');
  });

  it('a hold placed before the start counts from ready on', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: { ...server, idleTimeout: '300ms' } });
    await window.details('api');
    const hold = window.link.hold({ key: window.key('api'), kind: 'task', reason: 'a task needs it' });
    const { pid } = await window.start('api');
    const readyAt = performance.now();
    await waitUntil('longer than the timeout', () => performance.now() - readyAt > 1_000);
    assert.equal(window.view('api').pid, pid);
    hold.dispose();
    await window.waitFor('api', 'quiesced');
  });

  it('a hold on what does not exist is an error, and harms nothing', async () => {
    const { window } = await startShort();
    const params = { key: window.key('none'), holdId: 'x', kind: 'api', reason: 'r' } as const;
    await assert.rejects(window.link.request(requests.hold, params), failsWith('unknownBackend'));
    await window.waitFor('api', 'quiesced');
  });
});

function readLog(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
