import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { neededProgram } from '../../support/neededProgram';
import { rawExchange } from '../../support/rawExchange';
import { makeTempDir } from '../../support/tempDir';
import { createSystemClock } from '../../../src/platform/systemClock';
import { definedEnvironment } from '../../../src/platform/process/environment';
import { runCommand } from '../../../src/platform/process/runCommand';
import { liveThrough } from './liveThrough';

async function run(argv: readonly string[], cwd: string): Promise<string> {
  const env = definedEnvironment(process.env);
  const result = await runCommand(argv, { timeoutMs: 40_000, cwd, env, clock: createSystemClock() });
  assert.ok(result.kind === 'exited' && result.status.code === 0, `${argv.join(' ')}: ${JSON.stringify(result)}`);
  return result.output.trim();
}

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
    const asRoot = process.getuid?.() === 0;
    const asUser = asRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
    if (asRoot) {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((what) => run(['id', what, 'postgres'], '/')));
      chownSync(data, Number(uid), Number(gid));
    }
    const cluster = join(data, 'cluster');
    const initdb = [
      neededProgram('initdb', 'postgres'),
      '-D',
      cluster,
      '-U',
      'postgres',
      '-A',
      'trust',
      '--no-sync',
      '--locale=C',
    ];
    await run([...asUser, ...initdb], data);
    const server = [neededProgram('postgres'), '-D', cluster, '-p', '${port}', '-k', data, '-F'];
    const exec = [neededProgram('pg_isready', 'postgres'), '-h', '127.0.0.1', '-p', '${port}'];
    const command = [...asUser, ...server, '-c', 'listen_addresses=127.0.0.1'];
    // Its default signal waits for clients; this one ends them, as a developer expects of a stop.
    const definition = { command, ready: { exec }, stop: { signal: 'SIGINT' } };
    await liveThrough(broker(), definition, async (port) => {
      const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
      assert.equal((await rawExchange(port, sslRequest)).toString('latin1', 0, 1), 'N');
    });
  });

  it('mariadb', async () => {
    const cluster = join(data, 'cluster');
    mkdirSync(cluster);
    chmodSync(data, 0o755);
    const user = process.getuid?.() === 0 ? ['--user=root'] : [];
    const lean = ['--innodb-log-file-size=4M', '--innodb-buffer-pool-size=8M', '--innodb-flush-method=nosync'];
    const install = [
      neededProgram('mariadb-install-db', 'mariadbd'),
      '--no-defaults',
      `--datadir=${cluster}`,
      '--skip-test-db',
    ];
    await run([...install, ...user, ...lean], data);
    const files = [`--datadir=${cluster}`, `--socket=${join(data, 's.sock')}`, `--pid-file=${join(data, 'pid')}`];
    const address = ['--bind-address=127.0.0.1', '--port=${port}'];
    const command = [neededProgram('mariadbd'), '--no-defaults', ...files, ...address, ...user, ...lean];
    await liveThrough(broker(), { command, ready: { log: 'ready for connections', tcp: true } }, async (port) => {
      const greeting = await rawExchange(port, '');
      assert.equal(greeting[4], 10, 'protocol version of the handshake');
      assert.match(greeting.toString('latin1'), /MariaDB/);
    });
  });
});
