import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requests } from '../../src/protocol/messages';
import { isAlive } from '../support/brokerHarness';
import { patientMs, useFaultScenario, type FaultScenario } from '../support/faultScenario';
import { accepts } from '../support/accepts';
import { get } from '../support/gatewayClients';
import { hostileProgram } from '../support/hostileProgram';
import { repositoryRoot } from '../support/repositoryRoot';
import { httpServerSource } from '../support/sampleServer';
import { waitUntil } from '../support/waitUntil';

const script = join(repositoryRoot, 'out', 'test', 'faults', 'crashingBrokerMain.js');

describe('faults: the broker is killed exactly', function () {
  this.timeout(90_000);
  const scenario = useFaultScenario(patientMs, script);

  /** The next time the broker gets there it is killed; whoever asks for something next has another one. */
  const dieAt = async (s: FaultScenario, point: string, wish: () => Promise<unknown>): Promise<void> => {
    const crash = `${s.broker.stateDir}.crash`;
    const first = s.broker.brokerPid ?? 0;
    writeFileSync(crash, point);
    const asked = wish().catch(() => undefined);
    await waitUntil('the point is reached', () => !existsSync(crash), 20_000);
    await waitUntil('its end', () => !isAlive(first), 20_000);
    await asked;
  };

  const counts = (s: FaultScenario): string[] => s.survivors().filter((line) => line.includes('countsTerms'));

  const declareCounter = async (s: FaultScenario): Promise<string> => {
    const count = join(s.broker.root, 'count');
    const command = hostileProgram('countsTerms.mjs', count);
    await s.broker.declare({ api: { command, ready: { log: 'up' }, stop: { grace: '2s' } } });
    return count;
  };

  /** How many processes were started in all when one start is wished for before and one after. */
  const starts: readonly (readonly [string, number])[] = [
    ['before intend', 1],
    ['before hold', 1],
    ['after intend', 1],
    ['before started', 2],
    ['after started', 1],
    ['before ready', 1],
    ['after ready', 1],
  ];
  for (const [point, started] of starts) {
    it(`${point}, at a start: one process is there after the next start, ${started} in all, and one signal ends it`, async () => {
      const s = scenario();
      const count = await declareCounter(s);
      await dieAt(s, point, () => s.broker.start('api'));
      const { pid } = await s.broker.start('api');
      assert.deepEqual(
        counts(s).map((line) => Number.parseInt(line, 10)),
        [pid],
      );
      assert.equal(s.broker.logOf('api').match(/^up$/gm)?.length, started);
      await s.broker.stop('api');
      assert.equal(readFileSync(count, 'utf8'), '1');
      assert.deepEqual(s.records(), []);
    });
  }

  for (const point of [
    'before ending',
    'after ending',
    'before signalled',
    'after signalled',
    'before over',
    'after over',
  ]) {
    // Noted before and not after: nobody can tell whether it was sent. It is given its grace, and told only if it is still there then.
    it(`${point}, at a stop: it has had its signal, once, and is gone after the next stop`, async () => {
      const s = scenario();
      const count = await declareCounter(s);
      const { pid = 0 } = await s.broker.start('api');
      await dieAt(s, point, () => s.broker.stop('api'));
      await s.broker.stop('api');
      assert.equal(s.broker.view('api').state, 'stopped');
      assert.equal(isAlive(pid), false);
      assert.equal(readFileSync(count, 'utf8'), '1');
      assert.deepEqual(s.records(), []);
    });
  }

  it('between a signal and the word that it was sent: what needs longer than a new broker is not told twice', async () => {
    const s = scenario();
    const flushed = join(s.broker.root, 'flushed');
    const command = hostileProgram('slowFlush.mjs', flushed, '3000');
    await s.broker.declare({ db: { command, ready: { log: 'up' } } });
    await s.broker.start('db');
    await dieAt(s, 'before signalled', () => s.broker.stop('db'));
    await s.broker.stop('db');
    assert.equal(readFileSync(flushed, 'utf8'), 'flushed');
  });

  it('between a signal and the word that it was sent, and nobody comes: the leash does not tell it twice', async () => {
    const s = scenario(3_000);
    const flushed = join(s.broker.root, 'flushed');
    const command = hostileProgram('slowFlush.mjs', flushed, '4500');
    await s.broker.declare({ db: { command, ready: { log: 'up' } } });
    await s.broker.start('db');
    const first = s.broker.brokerPid ?? 0;
    writeFileSync(`${s.broker.stateDir}.crash`, 'before signalled');
    const asked = s.broker.stop('db').catch(() => undefined);
    await s.broker.waitFor('db', 'stopping');
    s.leave();
    await waitUntil('its end', () => !isAlive(first), 20_000);
    await asked;
    await s.nothingLeft();
    assert.equal(readFileSync(flushed, 'utf8'), 'flushed');
  });

  for (const point of ['before asleep', 'after asleep']) {
    it(`${point}, at a sleep: it is asleep, and a request wakes it`, async () => {
      const s = scenario();
      s.broker.write('server.cjs', httpServerSource);
      const more = { port: 'auto', gateway: true, ready: { http: '/' } };
      await s.broker.declare({ api: { command: ['node', 'server.cjs'], ...more } });
      const { publicPort = 0 } = await s.broker.start('api');
      await dieAt(s, point, () => s.broker.sleepNow('api'));
      await s.broker.link.request(requests.details, { key: s.broker.key('api') });
      await s.broker.waitFor('api', 'quiesced');
      await waitUntil('the gateway', () => accepts(publicPort));
      assert.equal((await get(publicPort, '/')).status, 200);
      await s.broker.stop('api');
      assert.deepEqual(s.records(), []);
    });
  }
});
