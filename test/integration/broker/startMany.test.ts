import assert from 'node:assert/strict';
import { requests } from '../../../src/protocol/messages';
import { isAlive, useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import { waitUntil } from '../../support/waitUntil';

const server = (dependsOn: string[] = []): object => ({
  command: ['node', 'server.cjs'],
  port: 'auto',
  ready: { http: '/' },
  dependsOn,
});

describe('a start of several in a real broker', function () {
  this.timeout(60_000);
  const broker = useBroker({ maxConcurrentStarts: 1 });
  useLeakCheck(10_000);

  it('gives those a turn first that the longest chain waits for, and tells who waited for what', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ first: server(), alone: server(), db: server(), api: server(['db']) });
    await Promise.all(['first', 'alone', 'db', 'api'].map((name) => b.start(name)));
    const readyAt = (name: string): number => b.view(name).stateSince;
    assert.ok(readyAt('first') <= readyAt('db'), 'who came first was begun at once');
    assert.ok(readyAt('db') <= readyAt('alone'), 'the api waits for the database, nobody for the other');
    const [waited, ...more] = b.view('api').start?.waits ?? [];
    assert.equal(waited?.dependency, 'db');
    assert.ok(waited.waitedMs > 0);
    assert.ok(more.every((wait) => wait.dependency === undefined));
    const [turn] = b.view('alone').start?.waits ?? [];
    assert.ok(turn !== undefined && turn.dependency === undefined && turn.waitedMs > 0);
    assert.deepEqual(turn.behind, ['first']);
    assert.deepEqual(b.view('first').start?.waits, []);
  });

  it('lets others begin beside one that only waits, and says behind whom they had to wait', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    b.write(
      'slow.cjs',
      `const look = setInterval(() => {
      if (!require('node:fs').existsSync('go')) return;
      clearInterval(look);
      ${httpServerSource}
    }, 100);`,
    );
    await b.declare({ slow: { ...server(), command: ['node', 'slow.cjs'] }, quick: server() });
    const slow = b.start('slow');
    await b.waitFor('slow', ({ state }) => state === 'starting');
    const quick = b.start('quick');
    const waiting = await b.waitFor('quick', ({ state }) => state === 'waiting');
    assert.equal(waiting.detail, 'waiting for its turn, behind slow');
    await quick;
    assert.equal(b.view('slow').state, 'starting');
    assert.deepEqual(b.view('quick').start?.waits[0]?.behind, ['slow']);
    b.write('go', '');
    await slow;
  });
});

describe('the memory of past starts', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const startOnce = async (b: BrokerHarness, definition: object): Promise<void> => {
    await b.declare({ web: definition });
    await b.start('web');
    await b.stop('web');
  };

  it('is kept for the next broker, for this definition only, with the look that is made when it is usually ready', async () => {
    const b = broker();
    b.write('server.cjs', `setTimeout(() => { ${httpServerSource} }, 600);`);
    for (let start = 0; start < 3; start++) await startOnce(b, server());
    const details = await b.link.request(requests.details, { key: b.key('web') });
    assert.equal(details.pastStarts?.readyMs.length, 3);
    assert.deepEqual(details.pastStarts.failedMs, []);
    const [first] = b.brokerPids;
    assert.equal(await b.link.request(requests.retire, {}), true);
    await waitUntil('the first broker to end', () => first !== undefined && !isAlive(first));
    await waitUntil('the client to notice', () => b.link.state !== 'connected');
    await b.link.request(requests.details, { key: b.key('web') });
    assert.equal(b.brokerPids.length, 2);
    const view = await b.waitFor('web', (web) => web.typicalReadyMs !== undefined);
    assert.ok((view.typicalReadyMs ?? 0) >= 600);
    assert.ok((view.slowAfterMs ?? 0) > (view.typicalReadyMs ?? 0));
    b.write('server.cjs', `setTimeout(() => { ${httpServerSource} }, 6000);`);
    const slow = b.start('web').catch(() => {});
    await waitUntil('the look at the usual moment', async () => {
      const { probes } = await b.link.request(requests.details, { key: b.key('web') });
      return probes.some(({ reason }) => reason === 'usually ready about now');
    });
    await b.link.request(requests.cancelStart, { key: b.key('web') });
    await slow;
    await b.declare({ web: { ...server(), command: ['node', './server.cjs'] } });
    await b.waitFor('web', (web) => web.typicalReadyMs === undefined);
  });
});
