import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import { waitUntil } from '../../support/waitUntil';
import { recordDirectory } from '../../../src/protocol/brokerPlaces';
import { latestRecord } from '../../../src/protocol/brokerRecord';
import { requests } from '../../../src/protocol/messages';

const server = { command: ['node', 'server.cjs'], port: 'auto', ready: { http: '/' } };

describe('windows that come and go', function () {
  this.timeout(40_000);
  const broker = useBroker({ reconnectGraceMs: 1_500 });
  useLeakCheck(10_000);

  it('a reload keeps backends running with the same pid', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const before = b.window();
    await before.declare({ api: server });
    const { pid } = await before.start('api');
    before.link.dispose();
    const after = b.window();
    await after.declare({ api: server });
    assert.equal(await after.link.connectExisting(), true);
    assert.equal(after.view('api').state, 'ready');
    assert.equal(after.view('api').pid, pid);
    assert.equal((await after.start('api')).pid, pid);
    assert.equal(b.brokerPids.length, 1);
  });

  it('a keep-awake outlives the window that asked for it', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const before = b.window();
    await before.declare({ api: { ...server, idleTimeout: '500ms' } });
    const { pid } = await before.start('api');
    const kept = await before.link.request(requests.keepAwake, { key: before.key('api'), durationMs: 3_600_000 });
    before.link.dispose();
    const after = b.window();
    await after.declare({ api: { ...server, idleTimeout: '500ms' } });
    assert.equal(await after.link.connectExisting(), true);
    const view = after.view('api');
    assert.deepEqual([view.state, view.pid, view.keepAwakeUntil], ['ready', pid, kept.keepAwakeUntil]);
    assert.deepEqual(
      view.idle?.holds.map((hold) => hold.kind),
      ['keepAwake'],
    );
    await after.link.request(requests.releaseKeepAwake, { key: after.key('api') });
    await after.waitFor('api', 'quiesced');
  });

  it('closing the last one stops everything gracefully, dependents first, and leaves nothing', async () => {
    const b = broker();
    const note = (name: string): string =>
      httpServerSource.replace(`console.log('bye');`, `require('node:fs').appendFileSync('ends', '${name}\\n');`);
    b.write('db.cjs', note('db'));
    b.write('api.cjs', note('api'));
    const window = b.window();
    await window.declare({
      db: { ...server, command: ['node', 'db.cjs'] },
      api: { ...server, command: ['node', 'api.cjs'], dependsOn: ['db'] },
    });
    const { pid } = await window.start('api');
    window.link.dispose();
    await waitUntil('the broker to exit', () => !isAlive(b.brokerPid ?? 0));
    assert.equal(isAlive(pid ?? 0), false);
    assert.equal(await readText(join(b.folder, 'ends')), 'api\ndb\n');
    assert.equal(await latestRecord(recordDirectory(b.stateDir)), undefined, 'its record is released');
    assert.deepEqual(
      readdirSync(b.stateDir).filter((name) => name.endsWith('.sock')),
      [],
      'its socket is gone',
    );
  });

  it('two on the same folder share one spawn and both see it', async () => {
    const b = broker();
    b.write('server.cjs', `require('node:fs').appendFileSync('spawns', 'x');${httpServerSource}`);
    const [left, right] = [b.window(), b.window()];
    await left.declare({ api: server });
    await right.declare({ api: server });
    const [a, c] = await Promise.all([left.start('api'), right.start('api')]);
    assert.equal(a.pid, c.pid);
    assert.equal(await readText(join(b.folder, 'spawns')), 'x');
    assert.equal(left.view('api').pid, right.view('api').pid);
    await left.stop('api');
    await right.waitFor('api', 'stopped');
    right.link.dispose();
    await left.start('api');
    assert.equal(left.view('api').state, 'ready', 'the other one going away changes nothing');
  });

  it('backends of the same name in two folders do not know each other', async () => {
    const b = broker();
    const other = join(b.root, 'other');
    mkdirSync(other);
    b.write('server.cjs', httpServerSource);
    b.write('../other/server.cjs', httpServerSource);
    const window = b.window();
    await window.open({ [b.folder]: { api: server }, [other]: { api: server } });
    const first = await window.start('api');
    const second = await window.start('api', { folder: other });
    assert.notEqual(first.pid, second.pid);
    assert.notEqual(first.publicPort, second.publicPort);
    await window.stop('api');
    assert.equal(window.view('api', other).state, 'ready');
    assert.equal(window.view('api', other).folder, 'other');
  });

  it('one that opens another folder lets go of the first, whose backends stop after the grace', async () => {
    const b = broker();
    const other = join(b.root, 'other');
    mkdirSync(other);
    b.write('server.cjs', httpServerSource);
    b.write('../other/server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: server });
    const { pid } = await window.start('api');
    await window.open({ [other]: { api: server } });
    const second = await window.start('api', { folder: other });
    await waitUntil('the backend of the closed folder to end', () => !isAlive(pid ?? 0));
    assert.equal(window.view('api', other).pid, second.pid);
    assert.equal(window.view('api', other).state, 'ready');
  });

  it('one that comes while everything is being stopped gets a broker that stays', async () => {
    const b = broker();
    b.write('slow.cjs', httpServerSource.replace(`process.exit(0)`, `setTimeout(() => process.exit(0), 1500)`));
    const slow = { ...server, command: ['node', 'slow.cjs'] };
    const before = b.window();
    await before.declare({ api: slow });
    const watching = await before.start('api');
    before.link.dispose();
    await waitUntil('the stop to begin', async () => (await readText(b.logFileOf('api'))).includes('bye'));
    assert.equal(isAlive(watching.pid ?? 0), true);
    const after = b.window();
    await after.declare({ api: slow });
    const again = await after.start('api');
    assert.equal(again.state, 'ready');
    const seenAt = performance.now();
    await waitUntil('longer than the grace', () => performance.now() - seenAt > 2_000);
    assert.equal(after.link.state, 'connected');
    assert.equal(after.view('api').state, 'ready');
    assert.equal(isAlive(again.pid ?? 0), true);
  });
});

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
