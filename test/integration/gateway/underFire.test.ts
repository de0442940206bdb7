import assert from 'node:assert/strict';
import { isAlive, useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { get } from '../../support/gatewayClients';
import { useLeakCheck } from '../../support/leakCheck';
import { neededProgram } from '../../support/neededProgram';
import { rawExchange } from '../../support/rawExchange';
import { waitUntil } from '../../support/waitUntil';

const abrupt = `
const http = require('node:http');
http.createServer((request, response) => setTimeout(() => response.end('hello from ' + process.pid), 5))
  .listen(Number(process.env.PORT), '127.0.0.1');
`;
const graceful = `
const http = require('node:http');
const server = http.createServer((request, response) => setTimeout(() => response.end('hello from ' + process.pid), 5));
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;
const clients = 20;
const sleeps = 8;

describe('a gateway in front of a real broker', function () {
  this.timeout(60_000);
  const broker = useBroker({ reconnectGraceMs: 3_000 });
  useLeakCheck(10_000);

  async function start(b: BrokerHarness, source: string): Promise<number> {
    b.write('server.cjs', source);
    await b.declare({ api: { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready: { http: '/' } } });
    return (await b.start('api')).publicPort ?? 0;
  }

  for (const [what, source] of [
    ['dies at once', abrupt],
    ['closes its server first', graceful],
  ] as const) {
    it(`loses no request over forced sleeps of a backend that ${what}`, async () => {
      const b = broker();
      const port = await start(b, source);
      const failed: string[] = [];
      const pids = new Set<string>();
      let over = false;
      let answered = 0;
      const client = async (): Promise<void> => {
        while (!over) {
          const { status, body } = await get(port, '/').catch((error: unknown) => ({ status: 0, body: String(error) }));
          if (status !== 200) failed.push(`${status} ${body}`);
          pids.add(body);
          answered++;
        }
      };
      const all = Array.from({ length: clients }, client);
      try {
        for (let round = 0; round < sleeps; round++) {
          const before = answered;
          await waitUntil('every client to be served', () => answered >= before + clients || failed.length > 0, 20_000);
          // Under fire it may be awake again before this is told.
          await b.sleepNow('api').catch(() => {});
        }
      } finally {
        over = true;
        await Promise.all(all);
      }
      assert.deepEqual(failed, []);
      assert.ok(pids.size > 1, 'it slept at least once');
    });
  }

  it('has the port again after the broker was killed, in front of the same process', async () => {
    const b = broker();
    const port = await start(b, graceful);
    const { pid = 0 } = b.view('api');
    const killed = b.brokerPid ?? 0;
    process.kill(killed, 'SIGKILL');
    await waitUntil('a new broker', () => b.brokerPid !== killed && b.link.state === 'connected');
    await b.waitFor('api', 'ready');
    const { body } = await waitUntil('an answer', () => get(port, '/').catch(() => undefined));
    assert.equal(body, `hello from ${pid}`);
    assert.equal(isAlive(pid), true);
    await b.sleepNow('api');
    assert.equal((await get(port, '/')).status, 200, 'and it wakes as before');
  });

  it('wakes a database that knows no HTTP', async () => {
    const b = broker();
    const redis = neededProgram('redis-server');
    await b.declare({
      cache: {
        command: [redis, '--port', '${port}', '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
        port: 'auto',
        gateway: true,
        ready: { tcp: true },
      },
    });
    const { publicPort = 0 } = await b.start('cache');
    const ping = '*1\r\n$4\r\nPING\r\n';
    assert.equal((await rawExchange(publicPort, ping)).toString(), '+PONG\r\n');
    await b.sleepNow('cache');
    assert.equal((await rawExchange(publicPort, ping, 20_000)).toString(), '+PONG\r\n');
    assert.match((await b.waitFor('cache', 'ready')).lastVerdict ?? '', /^woken by a TCP connection/);
  });
});
