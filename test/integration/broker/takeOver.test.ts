import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { isAlive, useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { accepts } from '../../support/accepts';
import { get } from '../../support/gatewayClients';
import { hostileProgram } from '../../support/hostileProgram';
import { useLeakCheck } from '../../support/leakCheck';
import { httpServerSource } from '../../support/sampleServer';
import { waitUntil } from '../../support/waitUntil';
import { requests } from '../../../src/protocol/messages';
import { isPortFree } from '../../../src/platform/net/freePort';

const elsewhere = `
const server = require('node:http').createServer((request, response) => response.end('hello from ' + process.pid));
server.listen(0, '127.0.0.1', () => console.log('Local: http://localhost:' + server.address().port + '/'));
`;

/** A new broker needs much longer to be there. */
function bindAsSoonAsFree(port: number): Promise<Server> {
  return waitUntil(`port ${port} to be free`, async () => {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    const bound = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    return bound && server;
  });
}

describe('a broker that is killed and replaced', function () {
  this.timeout(40_000);
  const broker = useBroker({ reconnectGraceMs: 3_000 });
  useLeakCheck(10_000);

  const kill = async (b: BrokerHarness): Promise<void> => {
    const pid = b.brokerPid ?? 0;
    process.kill(pid, 'SIGKILL');
    await waitUntil('a new broker', () => b.brokerPid !== pid && b.link.state === 'connected', 20_000);
  };

  const recordsIn = (b: BrokerHarness): string[] =>
    readdirSync(join(b.stateDir, 'runs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.json'),
    );

  it('hands its backends over: the same processes, ready, and stopped with one signal', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const count = join(b.root, 'count');
    await b.declare({
      api: {
        command: ['node', 'server.cjs'],
        port: 'auto',
        ready: { http: '/' },
        env: { SECRET: 'not-to-be-written' },
      },
      counts: { command: hostileProgram('countsTerms.mjs', count), ready: { log: 'up' } },
    });
    const api = await b.start('api');
    const counts = await b.start('counts');
    const states: string[] = [];
    b.link.onDidChangeState(({ state }) => states.push(state));
    await kill(b);
    assert.deepEqual(states, ['connecting', 'connected']);
    assert.equal(b.view('api').state, 'ready');
    assert.equal(b.view('api').pid, api.pid);
    assert.equal(b.view('api').publicPort, api.publicPort);
    assert.equal(b.view('api').restartToApply, false);
    assert.ok(Math.abs(b.view('api').stateSince - api.stateSince) < 1_000, 'ready since then');
    assert.equal(b.view('counts').pid, counts.pid);
    assert.equal((await b.start('api')).pid, api.pid, 'no second one');
    assert.equal((await b.stop('counts')).state, 'stopped');
    assert.equal(readFileSync(count, 'utf8'), '1');
    assert.equal(isAlive(counts.pid ?? 0), false);
    assert.equal(recordsIn(b).length, 1);
    assert.equal(isAlive(api.pid ?? 0), true);
    for (const file of recordsIn(b)) {
      const path = join(b.stateDir, 'runs', file);
      assert.equal(readFileSync(path, 'utf8').includes('not-to-be-written'), false);
      assert.equal(statSync(path).mode & 0o777, 0o600);
    }
  });

  it('passes requests on to the port that a program behind a gateway took instead of its own', async () => {
    const b = broker();
    b.write('server.cjs', elsewhere);
    const more = { port: 'auto', gateway: true, ready: { log: 'Local:' } };
    await b.declare({ api: { command: ['node', 'server.cjs'], ...more } });
    const { publicPort = 0, upstreamPort, pid } = await b.start('api');
    await kill(b);
    await b.waitFor('api', (view) => view.state === 'ready' && view.pid === pid);
    assert.equal(b.view('api').upstreamPort, upstreamPort);
    await waitUntil('the gateway', () => accepts(publicPort));
    assert.equal((await get(publicPort, '/')).body, `hello from ${pid}`);
  });

  it('lets those sleep on that were asleep: their port listens again, and a request wakes them', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const api = { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready: { http: '/' } };
    await b.declare({ api: { ...api, env: { SECRET: 'not-to-be-written' } } });
    const { publicPort = 0, pid } = await b.start('api');
    const { stateSince } = await b.sleepNow('api');
    const [record = '', ...others] = recordsIn(b);
    assert.equal(others.length, 0);
    assert.equal(readFileSync(join(b.stateDir, 'runs', record), 'utf8').includes('not-to-be-written'), false);
    await kill(b);
    await b.waitFor('api', 'quiesced');
    assert.ok(Math.abs(b.view('api').stateSince - stateSince) < 1_000, 'asleep since then');
    assert.equal(b.view('api').publicPort, publicPort);
    await waitUntil('the gateway', () => accepts(publicPort));
    assert.equal((await get(publicPort, '/')).status, 200);
    const woken = await b.waitFor('api', 'ready');
    assert.notEqual(woken.pid, pid);
    assert.equal(recordsIn(b).length, 1);
    await b.sleepNow('api');
    await kill(b);
    await b.waitFor('api', 'quiesced');
    assert.equal((await b.stop('api')).state, 'stopped');
    assert.equal(await isPortFree(publicPort), true);
    assert.deepEqual(recordsIn(b), []);
  });

  it('wakes nothing that is another command now', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const api = { port: 'auto', gateway: true, ready: { http: '/' } };
    await b.declare({ api: { ...api, command: ['node', 'server.cjs'] } });
    const { publicPort = 0 } = await b.start('api');
    await b.sleepNow('api');
    await kill(b);
    await b.waitFor('api', 'quiesced');
    await b.declare({ api: { ...api, command: ['node', 'server.cjs', 'another'] } });
    await waitUntil('the gateway', () => accepts(publicPort));
    const { status, body } = await get(publicPort, '/');
    assert.equal(status, 502);
    assert.match(body, /its definition has changed/);
    assert.equal(b.view('api').pid, undefined);
  });

  it('keeps awake what a person keeps awake, for as long as that was said', async () => {
    const b = broker();
    await b.declare({ worker: { command: hostileProgram('neverListens.mjs') } });
    await b.start('worker');
    const key = b.key('worker');
    await b.link.request(requests.keepAwake, { key, durationMs: 600_000 });
    const { keepAwakeUntil: until } = await b.start('worker');
    await kill(b);
    const after = await b.start('worker');
    assert.ok(Math.abs(Number(after.keepAwakeUntil) - Number(until)) < 1_000);
    await b.link.request(requests.releaseKeepAwake, { key });
    await kill(b);
    assert.equal((await b.start('worker')).keepAwakeUntil, undefined);
  });

  it('wakes what it took over without running the one-shot again that this had waited for', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const runs = (): number => b.read('runs').length;
    await b.declare({
      migrate: { command: 'printf x >> runs', oneShot: true },
      api: {
        command: ['node', 'server.cjs'],
        port: 'auto',
        gateway: true,
        ready: { http: '/' },
        dependsOn: ['migrate'],
      },
    });
    const { publicPort = 0, pid } = await b.start('api');
    assert.equal(runs(), 1);
    await kill(b);
    await b.waitFor('api', (view) => view.state === 'ready' && view.pid === pid);
    await waitUntil('the gateway', () => accepts(publicPort));
    await b.sleepNow('api');
    assert.equal((await get(publicPort, '/')).status, 200);
    await b.waitFor('api', ({ lastVerdict }) => lastVerdict?.startsWith('woken by GET /') === true);
    assert.equal(runs(), 1);
    await b.restart('api');
    assert.equal(runs(), 2, 'a person wants all of it');
  });

  it('says that a public port was taken while no broker ran, and has it again once it is free', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    await b.declare({ api: { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready: { http: '/' } } });
    const { publicPort = 0, pid } = await b.start('api');
    const killed = b.brokerPid ?? 0;
    process.kill(killed, 'SIGKILL');
    const stranger = await bindAsSoonAsFree(publicPort);
    try {
      await waitUntil('a new broker', () => b.brokerPid !== killed && b.link.state === 'connected');
      const { notAnswering } = await b.waitFor(
        'api',
        (view) => view.state === 'ready' && view.notAnswering !== undefined,
      );
      assert.match(
        notAnswering?.saw ?? '',
        new RegExp(`^port ${publicPort} of its gateway was taken by process ${process.pid}`),
      );
    } finally {
      stranger.close();
    }
    await b.waitFor('api', (view) => view.state === 'ready' && view.notAnswering === undefined);
    assert.equal((await get(publicPort, '/')).body, `hello from ${pid}`);
  });

  it('says so in one quiet line', async () => {
    const b = broker();
    const lines: string[] = [];
    const window = b.window({ log: (level, message) => level !== 'debug' && lines.push(`${level} ${message}`) });
    await window.declare({ worker: { command: hostileProgram('neverListens.mjs') } });
    const { pid } = await window.start('worker');
    process.kill(b.brokerPid ?? 0, 'SIGKILL');
    await waitUntil('the line', () => lines.length > 0);
    assert.match(
      lines.join('\n'),
      /^info The broker ended unexpectedly; a new one has taken over its backends after \d+\.\d s\.$/,
    );
    assert.equal(window.view('worker').pid, pid);
  });

  it('lets the countdown go on', async () => {
    const b = broker();
    b.write('env.cjs', `console.log('mine is ' + process.env.MINE); setInterval(() => {}, 1000);`);
    const window = b.window();
    await window.declare({ worker: { command: ['node', 'env.cjs'], ready: { log: 'mine' }, idleTimeout: '1s' } });
    const first = await window.start('worker', { environment: { MINE: 'kept' } });
    process.kill(b.brokerPid ?? 0, 'SIGKILL');
    await window.waitFor('worker', (view) => view.state === 'ready' && window.link.state === 'connected');
    assert.equal(window.view('worker').pid, first.pid);
    await window.waitFor('worker', 'quiesced');
    assert.equal(isAlive(first.pid ?? 0), false);
  });

  it('goes on waiting for a backend that was on its way', async () => {
    const b = broker();
    const gate = join(b.folder, 'gate');
    b.write(
      'slow.cjs',
      `const fs = require('node:fs'); const t = setInterval(() => { if (fs.existsSync('gate')) { clearInterval(t); console.log('open'); } }, 20); setInterval(() => {}, 1000);`,
    );
    await b.declare({ slow: { command: ['node', 'slow.cjs'], ready: { log: 'open' } } });
    const asked = b.start('slow').catch(() => undefined);
    const { pid } = await b.waitFor('slow', (view) => view.state === 'starting' && view.pid !== undefined);
    await kill(b);
    await asked;
    assert.equal((await b.waitFor('slow', 'starting')).pid, pid);
    assert.equal(existsSync(gate), false);
    b.write('gate', '');
    assert.equal((await b.waitFor('slow', 'ready')).pid, pid);
  });

  it('tells the end of a process that it has taken over', async () => {
    const b = broker();
    await b.declare({ worker: { command: hostileProgram('neverListens.mjs') } });
    const { pid } = await b.start('worker');
    await kill(b);
    // One whose being ready was not written down yet is looked at again first.
    await b.waitFor('worker', (view) => view.state === 'ready' && view.pid === pid);
    process.kill(pid ?? 0, 'SIGKILL');
    const { failure } = await b.waitFor('worker', 'failed');
    assert.equal(failure?.code, 'crashed');
    assert.match(failure.message, /ended \(how is not known/);
  });

  it('stops what nobody declares any more', async () => {
    const b = broker();
    const window = b.window();
    await window.declare({
      one: { command: hostileProgram('neverListens.mjs') },
      two: { command: hostileProgram('neverListens.mjs') },
    });
    const one = await window.start('one');
    const two = await window.start('two');
    process.kill(b.brokerPid ?? 0, 'SIGSTOP');
    void window.declare({ one: { command: hostileProgram('neverListens.mjs') } }).catch(() => {});
    process.kill(b.brokerPid ?? 0, 'SIGKILL');
    await waitUntil('the second to be ended', () => !isAlive(two.pid ?? 0), 20_000);
    assert.equal(isAlive(one.pid ?? 0), true);
    assert.equal(window.view('one').pid, one.pid);
  });

  it('leaves alone what its settings keep, also when it stops what nobody declares any more', async () => {
    const b = broker();
    const window = b.window();
    window.keepProcesses = ['120_000'];
    const backends = { builds: { command: hostileProgram('setsidChild.mjs'), ready: { log: 'child' } } };
    await window.declare(backends);
    const { pid = 0 } = await window.start('builds');
    const daemon = Number(/child (\d+)/.exec(b.logOf('builds'))?.[1]);
    try {
      process.kill(b.brokerPid ?? 0, 'SIGSTOP');
      void window.declare({}).catch(() => {});
      process.kill(b.brokerPid ?? 0, 'SIGKILL');
      await waitUntil('the backend to be ended', () => !isAlive(pid) && recordsIn(b).length === 0, 20_000);
      assert.equal(isAlive(daemon), true);
    } finally {
      process.kill(daemon, 'SIGKILL');
    }
  });
});
