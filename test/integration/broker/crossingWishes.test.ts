import assert from 'node:assert/strict';
import { parseBackendsFile } from '../../../src/config/parse';
import { requests } from '../../../src/protocol/messages';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { failsWith } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';

/** Listens once the file `open` exists, takes a while to end, and says when both hold. */
const slowServer = `
const fs = require('node:fs');
const server = require('node:http').createServer((_, response) => response.end('ok'));
process.on('SIGTERM', () => setTimeout(() => process.exit(0), 700));
const gate = setInterval(() => {
  if (!fs.existsSync('open')) return;
  clearInterval(gate);
  server.listen(Number(process.env.PORT), '127.0.0.1');
}, 20);
console.log('waiting for the gate');
`;
const api = { command: ['node', 'slow.cjs'], port: 'auto', ready: { http: '/' } };

describe('wishes that cross', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('a start that comes while a start is being given up gets one of its own', async () => {
    const b = broker();
    b.write('slow.cjs', slowServer);
    await b.declare({ api });
    const first = assert.rejects(b.start('api'), failsWith('cancelled'));
    const { pid } = await b.waitFor('api', (view) => view.pid !== undefined);
    await waitUntil('it to listen for signals', () => b.logOf('api').includes('waiting for the gate'));
    const stopping = b.stop('api');
    await b.waitFor('api', 'stopping');
    b.write('open', '');
    const second = await b.start('api');
    await Promise.all([first, stopping]);
    assert.equal(second.state, 'ready');
    assert.notEqual(second.pid, pid);
    assert.equal(isAlive(pid ?? 0), false);
  });

  it('a start that waits for the stop of what left the file is refused, and nothing runs unseen', async () => {
    const b = broker();
    b.write('slow.cjs', slowServer);
    b.write('open', '');
    await b.declare({ api });
    const { pid } = await b.start('api');
    const stopping = b.stop('api');
    await b.waitFor('api', 'stopping');
    await b.declare({});
    await assert.rejects(b.start('api'), failsWith('unknownBackend'));
    await stopping;
    assert.equal(isAlive(pid ?? 0), false);
    await b.declare({ api });
    assert.equal(b.view('api').state, 'stopped');
    assert.equal((await b.start('api')).state, 'ready');
  });

  it('a window that does not trust the folder starts nothing, and takes nothing from one that does', async () => {
    const b = broker();
    b.write('slow.cjs', slowServer);
    b.write('open', '');
    await b.declare({ api }, true);
    const other = b.connect();
    const { backends } = parseBackendsFile(JSON.stringify({ backends: { api } }), { folderPath: b.folder });
    const folder = { path: b.folder, name: 'folder', trusted: false, defaultIdleTimeoutMs: 'never' as const, backends };
    await other.setWorkspace({ folders: [folder], settings: { reconnectGraceMs: 300, maxConcurrentStarts: 0 } });
    await other.connectExisting();
    const wish = { key: b.key('api'), origin: 'person' as const, environment: { PATH: process.env['PATH'] ?? '' } };
    await b.link.connectExisting();
    await assert.rejects(other.request(requests.start, wish), failsWith('untrusted'));
    assert.equal((await b.start('api')).state, 'ready');
    await b.stop('api');
    other.dispose();
  });
});
