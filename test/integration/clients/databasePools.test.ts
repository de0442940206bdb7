import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { neededProgram } from '../../support/neededProgram';
import { makeTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';
import { makeMariadb } from '../servers/mariadbCluster';
import { makePostgres } from '../servers/postgresCluster';
import { runToEnd } from '../servers/runToEnd';

const size = 4;
const times = <T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)));

describe('pools and command-line clients of databases behind a gateway', function () {
  this.timeout(90_000);
  const broker = useBroker();
  let data = '';
  beforeEach(() => {
    data = makeTempDir();
  });
  useLeakCheck(10_000);
  let close: (() => unknown) | undefined;
  afterEach(async () => {
    await close?.();
    close = undefined;
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  });

  async function start(b: BrokerHarness, definition: object, idleTimeout: string, more: object = {}): Promise<number> {
    await b.declare({ db: { port: 'auto', ...definition, idleTimeout, ...more } });
    return (await b.start('db')).publicPort ?? 0;
  }

  /** It sleeps by itself now, although clients are connected. */
  async function fallsAsleep(b: BrokerHarness, definition: object): Promise<void> {
    await start(b, definition, '500ms');
    await b.waitFor('db', 'quiesced', 30_000);
    await b.declare({ db: { port: 'auto', ...definition, idleTimeout: '5m' } });
  }

  it('PostgreSQL: a pool of idle connections lets it sleep, and the next queries wake it; so does psql', async () => {
    const b = broker();
    const definition = await makePostgres(data);
    const port = await start(b, definition, '5m');
    const psql = (sql: string): Promise<string> =>
      runToEnd(
        [neededProgram('psql', 'postgres'), '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-Atc', sql],
        '/',
      );
    const pool = new Pool({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', max: size });
    close = () => pool.end();
    let dropped = 0;
    pool.on('error', () => dropped++);
    const rows = async (sql: string): Promise<unknown[]> => (await pool.query<Record<string, unknown>>(sql)).rows;
    await rows('create table kept (n int)');
    await times(size, async (index) => rows(`insert into kept select ${index} from pg_sleep(0.2)`));
    assert.equal(pool.idleCount, size);
    await fallsAsleep(b, definition);
    await waitUntil('the pool to see its idle connections go', () => pool.totalCount === 0);
    assert.deepEqual(await rows('select count(*)::int as n from kept'), [{ n: size }]);
    const { lastVerdict } = await b.waitFor('db', 'ready');
    assert.match(lastVerdict ?? '', /^woken by a TCP connection/);
    await fallsAsleep(b, definition);
    assert.equal(await psql('select count(*) from kept'), String(size));
    // Only idle ones: of the pool as a whole, and of the one query that woke it.
    await waitUntil('nothing but idle connections to be lost', () => dropped === size + 1);
  });

  it('PostgreSQL: a query without a word for longer than the idle timeout is waited for', async () => {
    const b = broker();
    const definition = await makePostgres(data);
    const port = await start(b, definition, '500ms', { activity: { cpu: false } });
    const pool = new Pool({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', max: 1 });
    close = () => pool.end();
    pool.on('error', () => {});
    await b.waitFor('db', 'quiesced', 30_000);
    const slow = pool.query<{ pid: number }>('select pg_backend_pid() as pid, pg_sleep(2.5)');
    const held = await b.waitFor(
      'db',
      ({ idle }) => idle?.holds.some(({ reason }) => reason === 'an unanswered TCP request') === true,
    );
    const { rows } = await slow;
    assert.equal(rows.length, 1);
    const after = b.view('db');
    assert.deepEqual([after.pid, after.stateSince], [held.pid, held.stateSince], 'it did not sleep meanwhile');
    await b.waitFor('db', 'quiesced', 30_000);
  });

  it('Redis: a client that connects again by itself loses no command; so does redis-cli, asleep or awake', async () => {
    const b = broker();
    const server = [neededProgram('redis-server'), '--port', '${port}', '--bind', '127.0.0.1', '--dir', data];
    const definition = { command: [...server, '--save', '3600 1'], ready: { tcp: true } };
    const port = await start(b, definition, '5m');
    const cli = (...args: string[]): Promise<string> =>
      runToEnd([neededProgram('redis-cli', 'redis-server'), '-p', String(port), ...args], '/');
    const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true });
    close = () => redis.disconnect();
    redis.on('error', () => {});
    for (let round = 1; round <= 3; round++) {
      assert.equal(await redis.incr('count'), round);
      await b.sleepNow('db');
      assert.equal(await cli('get', 'count'), String(round));
    }
    assert.equal(await redis.get('count'), '3');
  });

  it('MariaDB speaks first: with wakeOn "connect" its client wakes it', async () => {
    const b = broker();
    const definition = await makeMariadb(data);
    const port = await start(b, definition, '5m', { gateway: { wakeOn: 'connect' } });
    const client = [
      neededProgram('mariadb', 'mariadbd'),
      '--no-defaults',
      '--host=127.0.0.1',
      `--port=${port}`,
      '--batch',
    ];
    for (let round = 0; round < 2; round++) {
      await b.sleepNow('db');
      assert.equal(
        await runToEnd([...client, '--skip-column-names', '--execute=select 41 + 1', '--user=root', '--skip-ssl'], '/'),
        '42',
      );
    }
  });
});
