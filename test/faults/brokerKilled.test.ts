import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../support/brokerHarness';
import { rounds, useFaultScenario } from '../support/faultScenario';
import { hostileProgram } from '../support/hostileProgram';
import { waitUntil } from '../support/waitUntil';

describe('faults: the broker is killed', function () {
  this.timeout(60_000);
  const scenario = useFaultScenario();

  for (const count of [1, 3, 20]) {
    it(`with ${count} backends and a window: the same processes go on under a new broker`, async () => {
      const s = scenario();
      const pids = await s.startIdle(count);
      const first = s.broker.brokerPid;
      const killedAtMs = performance.now();
      s.killBroker();
      await waitUntil('a new broker', () => s.broker.brokerPid !== first && s.broker.link.state === 'connected');
      const tookMs = performance.now() - killedAtMs;
      assert.ok(tookMs < 10_000, `${tookMs} ms`);
      const views = pids.map((_, index) => s.broker.view(`idle${index}`));
      assert.deepEqual(
        views.map(({ pid }) => pid),
        pids,
      );
      assert.deepEqual(new Set(views.map(({ state }) => state)), new Set(['ready']));
      assert.deepEqual(pids.filter(isAlive), pids);
    });

    it(`with ${count} backends and nobody else: all are gone within the hold`, async () => {
      const s = scenario();
      await s.startIdle(count);
      s.leave();
      s.killBroker();
      await s.nothingLeft();
    });
  }

  it('at any moment of a start: nothing is left', async () => {
    for (let round = 0; round < rounds(4); round++) {
      const s = scenario();
      const window = s.broker.window();
      await window.declare({ api: { command: hostileProgram('setsidChild.mjs'), ready: { log: 'child' } } });
      await window.details('api');
      const asked = window.start('api').catch(() => undefined);
      await sleep(Math.random() * 120);
      window.link.dispose();
      s.killBroker();
      await asked;
      await s.nothingLeft();
    }
  });

  it('while it stops a backend: the stop is finished', async () => {
    const s = scenario();
    const flushed = join(s.broker.root, 'flushed');
    await s.broker.declare({ db: { command: hostileProgram('slowFlush.mjs', flushed, '800'), ready: { log: 'up' } } });
    await s.broker.start('db');
    const asked = s.broker.stop('db').catch(() => undefined);
    await s.broker.waitFor('db', 'stopping');
    s.leave();
    s.killBroker();
    await asked;
    await s.nothingLeft();
    assert.equal(readFileSync(flushed, 'utf8'), 'flushed');
  });

  it('under load: the output has no gap across its death', async () => {
    const s = scenario();
    const counting = `let n = 0; setInterval(() => { for (let i = 0; i < 50; i++) console.log('line ' + n++); }, 5);`;
    await s.broker.declare({ chatty: { command: ['node', '-e', counting], ready: { log: 'line 0' } } });
    await s.broker.start('chatty');
    const first = s.broker.brokerPid;
    s.killBroker();
    await waitUntil('a new broker', () => s.broker.brokerPid !== first && s.broker.link.state === 'connected');
    const log = (): number[] =>
      [...readFileSync(s.broker.logFileOf('chatty'), 'latin1').matchAll(/^line (\d+)$/gm)].map(([, n]) => Number(n));
    const before = log().length;
    await waitUntil('it goes on', () => log().length > before + 500);
    await s.broker.stop('chatty');
    const numbers = log();
    assert.deepEqual(
      numbers.filter((number, index) => number !== index),
      [],
    );
  });

  it('again and again: windows give up after some, and the next start begins anew with what still runs', async () => {
    const s = scenario();
    const [pid] = await s.startIdle(1);
    for (let death = 0; death < 3; death++) {
      const before = s.broker.brokerPid;
      s.killBroker();
      await waitUntil('a new broker', () => s.broker.brokerPid !== before && s.broker.link.state === 'connected');
    }
    s.killBroker();
    await waitUntil('the link to be lost', () => s.broker.link.state === 'lost');
    assert.equal((await s.broker.start('idle0')).pid, pid);
  });
});
