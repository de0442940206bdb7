import assert from 'node:assert/strict';
import type { ProbeRecord } from '../../../src/model/snapshot';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';
import { selfSigned } from '../net/selfSigned';

/** What is the same in all: it does what is looked for once the file `go` is there. */
const onGo = (then: string): string => `
const fs = require('node:fs');
const went = () => fs.existsSync('go');
const look = setInterval(() => { if (went()) { clearInterval(look); console.log('WENT'); } }, 20);
setTimeout(() => process.exit(99), 120_000);
${then}
`;

const grpc = onGo(`
require('node:http2').createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/grpc' });
  response.addTrailers({ 'grpc-status': '0' });
  response.end(Buffer.from([0, 0, 0, 0, 2, 8, went() ? 1 : 2]));
}).listen(Number(process.env.PORT), '127.0.0.1');
`);

const unix = onGo(`
const open = setInterval(() => {
  if (!went()) return;
  clearInterval(open);
  require('node:net').createServer((socket) => socket.on('error', () => {}).resume()).listen('api.sock');
}, 20);
`);

/** Answers as asked for only when the request is as it was declared. */
const https = onGo(`
const options = { key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') };
require('node:https').createServer(options, (request, response) => {
  response.statusCode = request.method === 'POST' && request.headers['x-health'] === 'deep' ? 207 : 400;
  response.end(went() ? '{"status":"up"}' : '{"status":"warming"}');
}).listen(Number(process.env.PORT), '::1');
`);

const idle = onGo('');

const deep = { scheme: 'https', path: '/deep', method: 'POST', headers: { 'x-health': 'deep' }, status: 207 };

describe('a probe that is declared in backends.json', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  /** Starts it, waits for a look that saw `before`, lets it go on; resolves to its looks once it is ready. */
  async function looksUntilReady(source: string, ready: object, before: RegExp): Promise<readonly ProbeRecord[]> {
    const b = broker();
    b.write('api.cjs', source);
    const window = b.window();
    const command = [process.execPath, 'api.cjs'];
    await window.declare({ api: { command, port: 'auto', ready: { timeout: '50s', ...ready } } });
    const start = window.start('api');
    start.catch(() => {});
    await waitUntil(`a look that sees ${String(before)}`, async () => {
      const { probes } = await window.details('api');
      return probes.some(({ ok, saw }) => !ok && before.test(saw));
    });
    await window.waitFor('api', 'starting');
    b.write('go', '');
    assert.equal((await start).state, 'ready');
    const { probes } = await window.details('api');
    await window.stop('api');
    return probes;
  }

  it('gRPC: not while it is not serving', async () => {
    const looks = await looksUntilReady(grpc, { grpc: 'shop' }, /^NOT_SERVING$/);
    assert.equal(looks.at(-1)?.saw, 'SERVING');
  });

  it('unix socket: once somebody accepts there', async () => {
    const looks = await looksUntilReady(unix, { unix: 'api.sock' }, /^no such socket$/);
    assert.equal(looks.at(-1)?.saw, 'connected');
  });

  it('program: once it exits with 0', async () => {
    const looks = await looksUntilReady(idle, { exec: ['test', '-e', 'go'] }, /^exit 1$/);
    assert.equal(looks.at(-1)?.ok, true);
  });

  it('https with a certificate of its own, on ::1: method, header, status and body are as asked for', async () => {
    const b = broker();
    const { key, cert } = selfSigned();
    b.write('key.pem', key.toString());
    b.write('cert.pem', cert.toString());
    const before = /^HTTP 207, but the body has no "\\"up\\""$/;
    const looks = await looksUntilReady(https, { http: { ...deep, body: '"up"' } }, before);
    assert.equal(looks.at(-1)?.saw, 'HTTP 207');
  });

  it('several: all must hold, as often in a row as asked for', async () => {
    const ready = { unix: 'api.sock', exec: ['test', '-e', 'go'], log: 'WENT', successThreshold: 2 };
    const looks = await looksUntilReady(unix, ready, /no such socket/);
    assert.equal(looks.at(-1)?.ok, true);
    assert.ok(
      looks.some(({ ok, saw }) => !ok && saw.endsWith('(1 more in a row to go)')),
      'one success was not enough',
    );
  });
});
