import assert from 'node:assert/strict';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { failsWith } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';

const server = { command: ['node', 'server.cjs'], port: 'auto', ready: { http: '/' } };

describe('definitions that change while backends run', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('touch only the backend that changed, which runs on and says that it needs a restart', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: server, web: server });
    const [api, web] = await Promise.all([window.start('api'), window.start('web')]);
    await window.declare({ api: { ...server, env: { MODE: 'new' } }, web: server });
    await window.waitFor('api', (view) => view.restartToApply);
    assert.equal(window.view('api').pid, api.pid);
    assert.equal(window.view('web').restartToApply, false);
    assert.equal(window.view('web').pid, web.pid);
    await window.declare({ api: server, web: server });
    await window.waitFor('api', (view) => !view.restartToApply);
    await window.declare({ api: { ...server, env: { MODE: 'new' } }, web: server });
    const restarted = await window.restart('api');
    assert.notEqual(restarted.pid, api.pid);
    assert.equal(restarted.restartToApply, false);
    assert.equal(window.view('web').pid, web.pid);
  });

  it('apply a new idle timeout to the running countdown', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: { ...server, idleTimeout: '10m' } });
    const { pid } = await window.start('api');
    assert.equal(window.view('api').idle?.idleTimeoutMs, 600_000);
    await window.declare({ api: { ...server, idleTimeout: '5m' } });
    const edited = await window.waitFor('api', (view) => view.idle?.idleTimeoutMs === 300_000);
    assert.equal(edited.restartToApply, false);
    assert.equal(edited.pid, pid);
    await window.declare({ api: { ...server, idleTimeout: 'never' } });
    await window.waitFor('api', (view) => view.idle === undefined);
    await window.declare({ api: { ...server, idleTimeout: '500ms' } });
    await window.waitFor('api', 'quiesced');
  });

  it('keep a removed backend listed until it is stopped, and show an added one', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: server, resting: server });
    const { pid } = await window.start('api');
    await window.declare({ web: server });
    const left = await window.waitFor('api', (view) => view.problem !== undefined);
    assert.match(left.problem ?? '', /no longer declared/);
    assert.equal(left.state, 'ready');
    assert.equal(left.pid, pid);
    assert.equal(window.view('web').state, 'stopped');
    assert.throws(() => window.view('resting'), 'what does not run vanishes at once');
    await window.stop('api');
    assert.equal(isAlive(pid ?? 0), false);
    assert.throws(() => window.view('api'));
    await assert.rejects(window.start('api'), failsWith('unknownBackend'));
  });

  it('take a removed backend back when it is declared again', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: server });
    const { pid } = await window.start('api');
    await window.declare({});
    await window.waitFor('api', (view) => view.problem !== undefined);
    await window.declare({ api: server });
    const back = await window.waitFor('api', (view) => view.problem === undefined);
    assert.equal(back.pid, pid);
    await window.stop('api');
    assert.equal(window.view('api').state, 'stopped');
  });

  it('never start a removed backend again, even when it crashes under a restart policy', async () => {
    const b = broker();
    b.write('server.cjs', `${httpServerSource}process.on('SIGUSR2', () => process.exit(9));`);
    const restarting = { ...server, restart: 'onFailure' };
    const window = b.window();
    await window.declare({ api: restarting, web: server });
    const { pid, publicPort } = await window.start('api');
    await window.declare({ web: server });
    await window.waitFor('api', (view) => view.problem !== undefined);
    process.kill(pid ?? 0, 'SIGUSR2');
    await window.waitFor('web', () => !window.views.has(window.key('api')));
    const goneAt = performance.now();
    await window.waitFor('web', () => performance.now() - goneAt > 1_500);
    await assert.rejects(fetch(`http://127.0.0.1:${publicPort}/`), 'the first restart would have come after a second');
    assert.equal(window.views.has(window.key('api')), false);
  });

  it('list a broken backend with its problem beside good ones that work', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ broken: { command: 42 }, api: server });
    await window.start('api');
    const broken = window.view('broken');
    assert.match(broken.problem ?? '', /command/);
    assert.equal(broken.state, 'stopped');
    await assert.rejects(window.start('broken'), failsWith('invalidConfig'));
    assert.equal(window.view('api').state, 'ready');
  });
});
