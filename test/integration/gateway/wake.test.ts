import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo } from 'node:net';
import { isAlive, useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { failsWith } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';
import { get, keepAliveClient } from '../../support/gatewayClients';
import { halfClosedExchange } from '../../support/rawExchange';
import { waitUntil } from '../../support/waitUntil';
import { isPortFree } from '../../../src/platform/net/freePort';
import { requests } from '../../../src/protocol/messages';

const server = `
const http = require('node:http');
const server = http.createServer((request, response) => {
  if (request.url === '/slow') { setTimeout(() => response.end('slow'), 900); return; }
  console.log(request.method + ' ' + request.url);
  response.end('hello from ' + process.pid + ' on ' + process.env.PORT);
});
setTimeout(() => server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening')), Number(process.env.BOOT ?? 0));
`;

async function declareApi(b: BrokerHarness, more: object = {}): Promise<void> {
  b.write('server.cjs', server);
  await b.declare({
    api: { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready: { http: '/' }, ...more },
  });
}

describe('a backend behind a gateway', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('listens on a hidden port, and is reached on its public one by both addresses', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0, upstreamPort, pid } = await b.start('api');
    assert.notEqual(publicPort, upstreamPort);
    const answer = `hello from ${pid} on ${upstreamPort}`;
    assert.equal((await get(publicPort, '/a')).body, answer);
    assert.equal((await get(publicPort, '/a', { host: '::1' })).body, answer);
    await b.stop('api');
    assert.equal(await isPortFree(publicPort), true, 'a stop frees the public port');
  });

  it('is woken by a request, which is answered, and says by whom', async () => {
    const b = broker();
    await declareApi(b);
    const first = await b.start('api');
    await b.sleepNow('api');
    assert.equal(isAlive(first.pid ?? 0), false);
    assert.equal(await b.link.request(requests.retire, {}), false, 'its port is still held for it');
    const answer = await get(first.publicPort ?? 0, '/orders?secret=1');
    assert.equal(answer.status, 200);
    const ready = await b.waitFor('api', 'ready');
    assert.match(answer.body, new RegExp(`^hello from ${ready.pid} `));
    const woken = await b.waitFor('api', ({ lastVerdict }) => lastVerdict?.includes('pid') === true);
    assert.match(woken.lastVerdict ?? '', new RegExp(`^woken by GET /orders \\(\\w+, pid ${process.pid}\\)$`));
  });

  it('serves clients that close their side of the connection while they wait, awake and asleep', async () => {
    const b = broker();
    await declareApi(b, { env: { BOOT: '300' } });
    const { publicPort = 0 } = await b.start('api');
    const question = ['/a', '/b'].map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join('');
    for (let round = 0; round < 2; round++) {
      const answers = await halfClosedExchange(publicPort, question);
      assert.equal(answers.match(/HTTP\/1\.1 200 OK/g)?.length, 2, answers);
      await b.sleepNow('api');
    }
    const text = await halfClosedExchange(publicPort, 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.match(text, /^HTTP\/1\.1 503 /);
  });

  it('keeps a keep-alive connection over sleeps', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    const client = keepAliveClient(publicPort);
    try {
      for (let round = 0; round < 3; round++) {
        assert.equal((await client.get('/a')).status, 200);
        await b.sleepNow('api');
      }
      assert.equal(client.connections, 1);
    } finally {
      client.destroy();
    }
  });

  it('sleeps by itself when no request comes, and not while one is in flight', async () => {
    const b = broker();
    await declareApi(b, { idleTimeout: '500ms' });
    const { publicPort = 0 } = await b.start('api');
    const asked = Date.now() - 50;
    const slow = get(publicPort, '/slow');
    const awake = await b.waitFor('api', (view) => view.idle?.holds[0]?.reason === 'GET /slow in flight');
    assert.equal(awake.state, 'ready');
    const [hold] = awake.idle?.holds ?? [];
    assert.equal(hold?.kind, 'request');
    assert.ok(
      hold.since !== undefined && hold.since >= asked && hold.since <= Date.now(),
      'the age is that of the request',
    );
    assert.equal((await slow).body, 'slow');
    await b.waitFor('api', 'quiesced');
  });

  it('is put to sleep by a person while clients ask all the time, and none of them goes without an answer', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    let asking = true;
    const clients = Array.from({ length: 8 }, async (_, index) => {
      const statuses: number[] = [];
      while (asking) statuses.push((await get(publicPort, index === 0 ? '/slow' : '/')).status);
      return statuses;
    });
    await b.waitFor('api', (view) => view.idle?.holds.some(({ reason }) => reason.includes('in flight')) === true);
    await b.sleepNow('api');
    await b.waitFor('api', ({ lastVerdict }) => lastVerdict?.startsWith('woken by ') === true);
    asking = false;
    const statuses = await Promise.all(clients);
    assert.deepEqual([...new Set(statuses.flat())], [200]);
  });

  it('answers 502 with code and last lines when it does not come up, and tries again for the next', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    b.write('server.cjs', `console.error('the reason'); process.exit(3);`);
    const failed = await get(publicPort, '/');
    assert.equal(failed.status, 502);
    const said = JSON.parse(failed.body) as { exitCode: number; log: string[] };
    assert.equal(said.exitCode, 3);
    assert.equal(said.log.at(-1), 'the reason');
    b.write('server.cjs', server);
    assert.equal((await get(publicPort, '/')).status, 200);
  });

  it('answers 503 with Retry-After once the budget is spent', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    b.write('server.cjs', `process.exit(3);`);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) statuses.push((await get(publicPort, '/')).status);
    assert.deepEqual(statuses, [502, 502, 502, 503]);
    const last = await get(publicPort, '/');
    assert.equal(last.status, 503);
    assert.ok(Number(last.headers['retry-after']) > 0);
  });

  it('is not woken by health checks, foreign pages and silent connections', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    const silent = keepAliveClient(publicPort);
    await silent.connectOnly();
    const health = await get(publicPort, '/health');
    assert.equal(health.status, 503);
    assert.ok(Number(health.headers['retry-after']) > 0);
    const foreign = { origin: 'https://example.test' };
    assert.equal((await get(publicPort, '/', { headers: foreign })).status, 503);
    assert.equal((await get(publicPort, '/', { headers: { 'sec-fetch-site': 'cross-site' } })).status, 503);
    assert.equal((await get(publicPort, '/', { headers: { host: 'rebound.test' } })).status, 403);
    assert.equal(b.view('api').state, 'quiesced');
    silent.destroy();
  });

  it('reads no request out of the body of one that it refused', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    const inner = 'DELETE /all HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const outer = (host: string): string =>
      `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/plain\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`;
    const foreign = await exchange(publicPort, outer('evil.test'));
    assert.deepEqual(foreign.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 403']);
    assert.doesNotMatch(b.logOf('api'), /DELETE/);
    await b.sleepNow('api');
    const asleep = await exchange(publicPort, outer('evil.test'));
    assert.deepEqual(asleep.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 403']);
    assert.equal(b.view('api').state, 'quiesced');
  });

  it('is not woken into something else than what was started', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    assert.equal(b.view('api').wakesOn, 'data');
    await declareApi(b, { command: ['node', 'server.cjs', 'changed'] });
    await waitUntil('the row to promise no wake', () => b.view('api').wakesOn === undefined || undefined);
    const refused = await get(publicPort, '/');
    assert.equal(refused.status, 502);
    assert.match(refused.body, /its definition has changed since/);
    assert.equal(b.view('api').state, 'quiesced');
  });

  it('tells who waits at once when it could not even begin to come up', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    b.write('server.cjs', `process.exit(3);`);
    assert.equal((await get(publicPort, '/')).status, 502);
    await declareApi(b, { idleTimeout: 'soon' });
    b.write('server.cjs', server);
    const refused = await get(publicPort, '/');
    assert.equal(refused.status, 502, refused.body);
    assert.match(refused.body, /idleTimeout/);
  });

  it('judges a request by the name in its target, if it has one there', async () => {
    const b = broker();
    await declareApi(b);
    const { publicPort = 0 } = await b.start('api');
    assert.equal((await get(publicPort, 'http://other.test/', { headers: { host: 'localhost' } })).status, 403);
    assert.equal((await get(publicPort, 'http://localhost/a', { headers: { host: 'other.test' } })).status, 200);
  });

  it('shows a page to a person who waits in a browser, then the backend', async () => {
    const b = broker();
    await declareApi(b, { env: { BOOT: '2500' } });
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    const navigate = { headers: { 'sec-fetch-mode': 'navigate' } };
    const page = await get(publicPort, '/', navigate);
    assert.equal(page.status, 503);
    assert.equal(page.headers['retry-after'], '1');
    assert.match(page.body, /<meta http-equiv="refresh"/);
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
    // As its page does, for as long as it takes.
    await waitUntil('the backend', async () => (await get(publicPort, '/', navigate)).body.startsWith('hello from'));
  });

  it('serves all of 50 clients at once on a sleeping port', async () => {
    const b = broker();
    await declareApi(b, { env: { BOOT: '300' } });
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => get(publicPort, `/${index}`)));
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
    assert.equal(new Set(answers.map((answer) => answer.body)).size, 1, 'one process served them');
  });

  it('holds clients over a restart', async () => {
    const b = broker();
    await declareApi(b, { env: { BOOT: '300' } });
    const { publicPort = 0 } = await b.start('api');
    const restarted = b.restart('api');
    await b.waitFor('api', (view) => view.state !== 'ready');
    assert.equal((await get(publicPort, '/')).status, 200);
    await restarted;
  });

  it('names who holds the public port', async () => {
    const b = broker();
    const stranger = createServer().listen(0, '127.0.0.1');
    await waitUntil('the stranger to listen', () => stranger.listening);
    const { port } = stranger.address() as AddressInfo;
    try {
      await declareApi(b, { port });
      await assert.rejects(b.start('api'), failsWith('portTaken'));
      assert.equal(b.view('api').failure?.portHolder?.pid, process.pid);
    } finally {
      stranger.close();
    }
  });
});

/** Sends the text in one piece; answers all that came until the other side closed. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
  });
}
