import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import { waitUntil } from '../../support/waitUntil';

/** Says when its handler is there, takes until the file `go` exists to end. */
const lingering = `${httpServerSource}
process.removeAllListeners('SIGTERM');
process.on('SIGTERM', () => {
  console.log('told to end');
  const gate = setInterval(() => require('node:fs').existsSync('go') && process.exit(0), 10);
});
console.log('can be told');
`;
const rounds = 5;

describe('a stop while a dependent is wanted again', function () {
  this.timeout(90_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('never leaves a dependent running without what it depends on, however often it is tried', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    b.write('lingering.cjs', lingering);
    const server = { port: 'auto', ready: { http: '/' } };
    await b.declare({
      db: { ...server, command: ['node', 'server.cjs'] },
      worker: { ...server, command: ['node', 'lingering.cjs'], dependsOn: ['db'] },
      web: { ...server, command: ['node', 'server.cjs'], dependsOn: ['db'] },
    });
    for (let round = 1; round <= rounds; round++) {
      rmSync(join(b.folder, 'go'), { force: true });
      await Promise.all([b.start('worker'), b.start('web')]);
      const { pid } = b.view('db');
      await waitUntil('the worker to listen to signals', () => b.logOf('worker').split('can be told').length > round);
      // The worker takes its time to end, so that the database is still up when web is wanted again.
      const stopping = b.stop('db');
      await waitUntil('the worker to be told', () => b.logOf('worker').split('told to end').length > round);
      await b.waitFor('web', 'stopped');
      const again = b.start('web');
      b.write('go', '');
      await stopping;
      assert.equal(isAlive(pid ?? 0), false, `the stop of round ${round} was carried out`);
      assert.equal((await again).state, 'ready');
      assert.equal(b.view('db').state, 'ready', `web has its database in round ${round}`);
      assert.notEqual(b.view('db').pid, pid);
      assert.equal(b.view('worker').state, 'stopped');
      await b.stop('db');
      assert.equal(b.view('web').state, 'stopped');
    }
  });
});

describe('a backend that ends soon after each start', function () {
  this.timeout(90_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('is given up after three restarts, and that is said once', async () => {
    const b = broker();
    b.write('flaky.cjs', `${httpServerSource}\nsetTimeout(() => process.exit(9), 300);`);
    await b.declare({
      api: { command: ['node', 'flaky.cjs'], port: 'auto', ready: { http: '/' }, restart: 'onFailure' },
    });
    await b.start('api');
    const given = await b.waitFor('api', (view) => view.failure?.code === 'budgetExhausted', 60_000);
    assert.equal(given.state, 'failed');
    assert.equal(given.restartInMs, undefined);
    assert.equal(given.failure?.exitCode, 9);
    const diary = readFileSync(join(b.stateDir, 'broker.log'), 'utf8');
    assert.equal(diary.split('ended again and again').length - 1, 1);
    assert.equal(b.logOf('api').split('listening on').length - 1, 4, 'one start by hand and three restarts');
    assert.equal((await b.start('api')).state, 'ready', 'a person is not held back');
    await b.stop('api');
  });
});
