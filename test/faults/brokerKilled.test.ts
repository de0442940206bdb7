import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accepts } from '../support/accepts';
import { isAlive } from '../support/brokerHarness';
import { idleBackend, patientMs, rounds, useFaultScenario } from '../support/faultScenario';
import { get } from '../support/gatewayClients';
import { hostileProgram } from '../support/hostileProgram';
import { httpServerSource } from '../support/sampleServer';
import { waitUntil } from '../support/waitUntil';

describe('faults: the broker is killed', function () {
  this.timeout(Math.max(60_000, rounds(1) * 10_000));
  const scenario = useFaultScenario();

  for (const count of [1, 3, 20]) {
    it(`with ${count} backends and a window: the same processes go on under a new broker`, async () => {
      const s = scenario(patientMs);
      const pids = await s.startIdle(count);
      const first = s.broker.brokerPid;
      const killedAtMs = performance.now();
      s.killBroker();
      await waitUntil('a new broker', () => s.broker.brokerPid !== first && s.broker.link.state === 'connected');
      const tookMs = performance.now() - killedAtMs;
      assert.ok(tookMs < 10_000, `${tookMs} ms`);
      // Killed before it was written down that they are ready, they are looked at again.
      const views = await Promise.all(pids.map((_, index) => s.broker.waitFor(`idle${index}`, 'ready')));
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

  it('with three gateways: whoever is told that they are ready is not refused at their ports', async () => {
    const s = scenario(patientMs);
    s.broker.write('server.cjs', httpServerSource);
    const names = ['a', 'b', 'c'];
    const api = { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready: { http: '/' } };
    await s.broker.declare(Object.fromEntries(names.map((name) => [name, api])));
    await Promise.all(names.map((name) => s.broker.start(name)));
    const first = s.broker.brokerPid;
    const answers = new Map<string, Promise<boolean>>();
    s.broker.link.onBackendsChanged(({ changed }) => {
      for (const { name, state, publicPort = 0 } of changed) {
        if (state === 'ready' && s.broker.brokerPid !== first && !answers.has(name))
          answers.set(name, accepts(publicPort));
      }
    });
    s.killBroker();
    await waitUntil('all to be ready again', () => answers.size === names.length, 30_000);
    assert.deepEqual(await Promise.all(answers.values()), [true, true, true]);
  });

  it('with three windows, each of which may start another: the one that stays exits when they are gone', async () => {
    const s = scenario();
    await s.startIdle(3);
    const windows = [s.broker.window(), s.broker.window()];
    for (const window of windows) {
      await window.declare({ idle0: idleBackend, idle1: idleBackend, idle2: idleBackend });
      await window.details('idle0');
    }
    s.killBroker();
    for (const { link } of [s.broker, ...windows]) {
      await waitUntil('the link to come back', () => link.state === 'connected' && s.broker.brokerPids.length > 1);
    }
    for (const { link } of [s.broker, ...windows]) link.dispose();
    await waitUntil('the brokers to exit', () => !s.broker.brokerPids.some(isAlive), 30_000);
    await s.nothingLeft();
  });

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

  it('while it stops a backend: the next broker finishes the stop, and sends no second signal', async () => {
    const s = scenario(patientMs);
    const flushed = join(s.broker.root, 'flushed');
    await s.broker.declare({ db: { command: hostileProgram('slowFlush.mjs', flushed, '2500'), ready: { log: 'up' } } });
    const { pid = 0 } = await s.broker.start('db');
    const asked = s.broker.stop('db').catch(() => undefined);
    await waitUntil('the signal', () => s.records().some((record) => record.includes('"signalled":true')));
    await s.replaceBroker();
    await asked;
    assert.ok(['stopping', 'stopped'].includes(s.broker.view('db').state), s.broker.view('db').state);
    await s.broker.waitFor('db', 'stopped');
    assert.equal(isAlive(pid), false);
    assert.equal(readFileSync(flushed, 'utf8'), 'flushed');
    assert.deepEqual(s.records(), []);
  });

  it('while it puts a backend to sleep: it falls asleep under the next broker, and wakes on a request', async () => {
    const s = scenario(patientMs);
    s.broker.write('server.cjs', httpServerSource.replace('process.exit(0)', 'setTimeout(process.exit, 2500)'));
    const more = { port: 'auto', gateway: true, ready: { http: '/' } };
    await s.broker.declare({ api: { command: ['node', 'server.cjs'], ...more } });
    const { pid = 0, publicPort = 0 } = await s.broker.start('api');
    const asked = s.broker.sleepNow('api').catch(() => undefined);
    await waitUntil('the signal', () => s.records().some((record) => record.includes('"signalled":true')));
    await s.replaceBroker();
    await asked;
    await s.broker.waitFor('api', 'quiesced');
    assert.equal(isAlive(pid), false);
    assert.equal((await get(publicPort, '/')).status, 200);
    const woken = await s.broker.waitFor('api', 'ready');
    assert.equal(woken.publicPort, publicPort);
    assert.notEqual(woken.pid, pid);
  });

  it('while all are asleep and nobody is there: what it knew of them is gone after the hold', async () => {
    const s = scenario();
    s.broker.write('server.cjs', httpServerSource);
    const more = { port: 'auto', gateway: true, ready: { http: '/' } };
    await s.broker.declare({ api: { command: ['node', 'server.cjs'], ...more } });
    await s.broker.start('api');
    await s.broker.sleepNow('api');
    assert.equal(s.records().length, 1);
    s.leave();
    s.killBroker();
    await s.nothingLeft();
    assert.deepEqual(s.records(), []);
  });

  it('under load: the output has no gap across its death', async () => {
    const s = scenario(patientMs);
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
    const s = scenario(patientMs);
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
