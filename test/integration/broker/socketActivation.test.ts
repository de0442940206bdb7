import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { useBroker } from '../../support/brokerHarness';
import { failureOf } from '../../support/failsWith';
import { get } from '../../support/gatewayClients';
import { useLeakCheck } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';
import { isPortFree } from '../../../src/platform/net/freePort';

/** Takes the socket it was handed when the file `gate` is there. */
const activated = `
const { existsSync } = require('node:fs');
if (process.env.LISTEN_FDS !== '1' || process.env.LISTEN_PID !== String(process.pid)) {
  console.log('no socket is meant for ' + process.pid);
  process.exit(3);
}
const server = require('node:http').createServer((request, response) => response.end('pid ' + process.pid));
const wait = setInterval(() => {
  if (!existsSync('gate')) return;
  clearInterval(wait);
  server.listen({ fd: 3 }, () => console.log('took it'));
}, 20);
`;
const stubborn = `require('node:http').createServer().listen(Number(process.env.PORT), '127.0.0.1');`;

/** What a client is answered that asks now and waits. */
function ask(port: number, onConnected: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      onConnected();
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    });
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('end', () => {
      socket.destroy();
      resolve(text);
    });
  });
}

describe('a backend that is handed its listening socket', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('is reached before it is ready, answers then, and leaves the port free', async () => {
    const b = broker();
    b.write('server.cjs', activated);
    const more = { port: 'auto', gateway: false, socketActivation: true, ready: { http: '/' } };
    await b.declare({ api: { command: ['node', 'server.cjs'], ...more } });
    const begun = b.start('api');
    const { publicPort = 0, pid = 0 } = await b.waitFor('api', ({ pid: leader }) => leader !== undefined);
    let connected = false;
    const answer = ask(publicPort, () => (connected = true));
    await waitUntil('the connection', () => connected);
    assert.equal(b.view('api').state, 'starting');
    b.write('gate', '');
    assert.match(await answer, new RegExp(`pid ${pid}$`), 'the same process, and no shell in front of it');
    assert.equal((await begun).state, 'ready');
    await waitUntil('its output', () => b.logOf('api').includes('took it'));
    await b.stop('api');
    assert.equal(await isPortFree(publicPort), true);
  });

  it('is woken behind its gateway with a new socket', async () => {
    const b = broker();
    b.write('server.cjs', activated);
    b.write('gate', '');
    const more = { port: 'auto', socketActivation: true, ready: { http: '/' } };
    await b.declare({ api: { command: 'exec node server.cjs', ...more } });
    const first = await b.start('api');
    const { publicPort = 0 } = first;
    assert.notEqual(first.upstreamPort, publicPort);
    assert.equal((await b.sleepNow('api')).state, 'quiesced');
    const { body } = await get(publicPort, '/');
    const again = await b.waitFor('api', 'ready');
    assert.equal(body, `pid ${again.pid}`);
    assert.notEqual(again.pid, first.pid);
  });

  it('is told so when it does not take the socket', async () => {
    const b = broker();
    b.write('server.cjs', stubborn);
    const more = { port: 'auto', gateway: false, socketActivation: true, ready: { http: '/' } };
    await b.declare({ api: { command: ['node', 'server.cjs'], ...more } });
    const error = await failureOf(b.start('api'));
    assert.equal(error.code, 'exitedBeforeReady');
    assert.match(error.failure.hint ?? '', /handed port \d+ as descriptor 3.*tried to listen there itself/);
  });
});
