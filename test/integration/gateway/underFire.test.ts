import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { get } from '../../support/gatewayClients';
import { useLeakCheck } from '../../support/leakCheck';
import { neededProgram } from '../../support/neededProgram';
import { RawClient } from '../../support/gatewayRoute';
import { rawExchange } from '../../support/rawExchange';
import { waitUntil } from '../../support/waitUntil';
import { fireBackends, sleepUnderFire, startFireBackend } from './fire';

const [, [, graceful]] = fireBackends;

describe('a gateway in front of a real broker', function () {
  this.timeout(60_000);
  const broker = useBroker({ reconnectGraceMs: 3_000 });
  useLeakCheck(10_000);

  for (const [what, source] of fireBackends) {
    for (const connections of ['fresh', 'kept'] as const) {
      it(`loses no request over forced sleeps of a backend that ${what}, on ${connections} connections`, async () => {
        const b = broker();
        const port = await startFireBackend(b, source);
        const plan = { clients: 20, connections, requests: 0, stops: 3, pauseMs: 0, thinkMs: 0 };
        const { failed } = await sleepUnderFire(b, port, plan);
        assert.deepEqual(failed, []);
      });
    }
  }

  it('has the port again after the broker was killed, in front of the same process', async () => {
    const b = broker();
    const port = await startFireBackend(b, graceful);
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
    const client = new RawClient(connect({ port: publicPort, host: '127.0.0.1' }));
    try {
      client.socket.write(ping);
      await client.until(/^\+PONG\r\n$/);
      // Whose it is can be told as long as it is there.
      const woken = await b.waitFor('cache', ({ lastVerdict }) => lastVerdict?.includes('pid') === true);
      assert.match(
        woken.lastVerdict ?? '',
        new RegExp(`^woken by a TCP connection \\([\\w-]+, pid ${process.pid}\\)$`),
      );
    } finally {
      client.socket.destroy();
    }
  });
});
