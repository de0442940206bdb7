import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { neededProgram } from '../../support/neededProgram';
import { rawExchange } from '../../support/rawExchange';
import { makeTempDir } from '../../support/tempDir';
import { liveThrough } from './liveThrough';
import { makeMariadb } from './mariadbCluster';
import { makePostgres } from './postgresCluster';

describe('real databases', function () {
  this.timeout(90_000);
  const broker = useBroker();
  useLeakCheck(10_000);
  let data = '';
  beforeEach(() => {
    data = makeTempDir();
  });
  afterEach(() => rmSync(data, { recursive: true, force: true, maxRetries: 3 }));

  it('redis', async () => {
    const server = [neededProgram('redis-server'), '--port', '${port}', '--bind', '127.0.0.1', '--save', ''];
    const exec = [neededProgram('redis-cli', 'redis-server'), '-p', '${port}', 'ping'];
    const definition = { command: [...server, '--dir', data], ready: { tcp: true, exec } };
    await liveThrough(broker(), definition, async (port) => {
      assert.equal((await rawExchange(port, 'PING\r\n')).toString(), '+PONG\r\n');
    });
  });

  it('postgres, as the user that it insists on', async () => {
    const definition = await makePostgres(data);
    await liveThrough(broker(), definition, async (port) => {
      const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
      assert.equal((await rawExchange(port, sslRequest)).toString('latin1', 0, 1), 'N');
    });
  });

  it('mariadb', async () => {
    await liveThrough(broker(), await makeMariadb(data), async (port) => {
      const greeting = await rawExchange(port, '');
      assert.equal(greeting[4], 10, 'protocol version of the handshake');
      assert.match(greeting.toString('latin1'), /MariaDB/);
    });
  });
});
