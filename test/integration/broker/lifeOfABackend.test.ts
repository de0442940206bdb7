import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import { waitUntil } from '../../support/waitUntil';
import { BackendFailure } from '../../../src/protocol/backendFailure';
import { requests } from '../../../src/protocol/messages';

const failsWith = (code: string) => (error: unknown) => error instanceof BackendFailure && error.code === code;

describe('the life of a backend in a real broker', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const api = { command: ['node', 'server.cjs'], port: 'auto', ready: { http: '/' } };

  it('starts, is ready, answers, stops and frees its port', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ api });
    const ready = await b.start('api');
    assert.equal(ready.state, 'ready');
    assert.equal(b.view('api').state, 'ready', 'when the promise settles the views show it');
    const body = await (await fetch(`http://127.0.0.1:${ready.publicPort}/`)).text();
    assert.equal(body, `hello from ${ready.pid}`);
    const again = await b.start('api');
    assert.equal(again.pid, ready.pid, 'start on a ready backend changes nothing');
    const stopped = await b.stop('api');
    assert.equal(stopped.state, 'stopped');
    assert.equal(isAlive(ready.pid ?? 0), false);
    await assert.rejects(fetch(`http://127.0.0.1:${ready.publicPort}/`));
  });

  it('shares one start between concurrent callers', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ api });
    const views = await Promise.all([b.start('api'), b.start('api'), b.start('api')]);
    assert.equal(new Set(views.map((view) => view.pid)).size, 1);
  });

  it('goes to sleep when idle, and starts again', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ api: { ...api, idleTimeout: '700ms' } });
    const first = await b.start('api');
    const asleep = await b.waitFor('api', 'quiesced');
    assert.match(asleep.lastVerdict ?? '', /nobody used it for 0.7 s/);
    assert.equal(isAlive(first.pid ?? 0), false);
    const second = await b.start('api');
    assert.equal(second.state, 'ready');
    assert.notEqual(second.pid, first.pid);
  });

  it('stays awake while a connection is open, and counts from its end', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ api: { ...api, idleTimeout: '1s' } });
    const ready = await b.start('api');
    const slow = fetch(`http://127.0.0.1:${ready.publicPort}/slow`, { headers: { connection: 'close' } });
    await b.waitFor('api', (view) => view.idle?.holds.some((hold) => hold.kind === 'connection') ?? false);
    assert.equal(await (await slow).text(), 'slow');
    assert.equal(b.view('api').state, 'ready');
    await b.waitFor('api', 'quiesced');
  });

  it('is put to sleep at once when asked', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ api });
    await b.start('api');
    assert.equal((await b.sleepNow('api')).state, 'quiesced');
    assert.equal((await b.stop('api')).state, 'stopped');
  });

  it('does not sleep while something holds it', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ api: { ...api, idleTimeout: '400ms' } });
    await b.start('api');
    const hold = b.link.hold({ key: b.key('api'), kind: 'api', reason: 'a test needs it' });
    await b.waitFor('api', (view) => view.idle?.holds.some((held) => held.reason === 'a test needs it') ?? false);
    await assert.rejects(b.sleepNow('api'), failsWith('cancelled'));
    assert.equal(b.view('api').state, 'ready');
    hold.dispose();
    await b.waitFor('api', 'quiesced');
  });

  it('counts reported activity', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ api: { ...api, idleTimeout: '1s' } });
    const ready = await b.start('api');
    for (let mark = 0; mark < 8; mark++) {
      const nextMs = performance.now() + 250;
      await waitUntil('the next mark', () => performance.now() >= nextMs);
      await b.link.request(requests.markActivity, { key: b.key('api') });
    }
    assert.equal(b.view('api').pid, ready.pid);
    assert.equal(b.view('api').state, 'ready');
    await b.waitFor('api', 'quiesced');
  });

  it('names the holder of a taken port', async () => {
    const b = broker();
    const stranger = createServer().listen(0, '127.0.0.1');
    await waitUntil('the stranger to listen', () => stranger.listening);
    const { port } = stranger.address() as AddressInfo;
    try {
      b.write('server.cjs', httpServerSource);
      await b.declare({ api: { ...api, port } });
      await assert.rejects(b.start('api'), (error: unknown) => {
        assert.ok(error instanceof BackendFailure);
        assert.equal(error.code, 'portTaken');
        assert.equal(error.failure.portHolder?.pid, process.pid);
        return true;
      });
      assert.equal(b.view('api').state, 'failed');
    } finally {
      stranger.close();
    }
  });

  it('shows exit code and last lines when it exits before ready', async () => {
    const b = broker();
    await b.declare({ api: { ...api, command: `echo first; echo 'the reason' >&2; exit 3` } });
    await assert.rejects(b.start('api'), (error: unknown) => {
      assert.ok(error instanceof BackendFailure);
      assert.equal(error.code, 'exitedBeforeReady');
      assert.equal(error.failure.exitCode, 3);
      assert.deepEqual(error.failure.logTail, ['first', 'the reason']);
      return true;
    });
  });

  it('is stopped at the hard ceiling before the start rejects', async () => {
    const b = broker();
    await b.declare({ api: { ...api, command: 'sleep 60', ready: { tcp: true, timeout: '800ms' } } });
    const rejected = assert.rejects(b.start('api'), failsWith('readyTimeout'));
    const starting = await b.waitFor('api', (view) => view.state === 'starting' && view.pid !== undefined);
    assert.equal(starting.spawnWait?.hardCeilingMs, 800);
    await rejected;
    assert.equal(isAlive(starting.pid ?? 0), false);
    assert.equal(b.view('api').state, 'failed');
  });

  it('says not found, whichever way it is started', async () => {
    const b = broker();
    await b.declare({
      argv: { command: ['no-such-command-here'] },
      shell: { command: 'no-such-command-here --port 1' },
    });
    await assert.rejects(b.start('argv'), failsWith('commandNotFound'));
    await assert.rejects(b.start('shell'), failsWith('commandNotFound'));
  });

  it('names a missing working directory', async () => {
    const b = broker();
    await b.declare({ api: { command: ['true'], cwd: 'not/there' } });
    await assert.rejects(b.start('api'), (error: unknown) => {
      assert.ok(error instanceof BackendFailure && error.code === 'cwdMissing');
      assert.match(error.message, /not\/there/);
      return true;
    });
  });

  it('spawns nothing in an untrusted workspace', async () => {
    const b = broker();
    const proof = `${b.folder}/spawned`;
    await b.declare({ api: { command: `touch ${proof}; sleep 5` } }, false);
    await assert.rejects(b.start('api'), failsWith('untrusted'));
    assert.equal(b.view('api').state, 'stopped');
  });

  it('can be cancelled while starting and leaves nothing', async () => {
    const b = broker();
    await b.declare({ api: { ...api, command: 'sleep 60' } });
    const rejected = assert.rejects(b.start('api'), failsWith('cancelled'));
    const { pid } = await b.waitFor('api', (view) => view.pid !== undefined);
    const view = await b.link.request(requests.cancelStart, { key: b.key('api') });
    await rejected;
    assert.equal(view.state, 'stopped');
    assert.equal(isAlive(pid ?? 0), false);
  });
});
