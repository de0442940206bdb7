import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { failureOf } from '../../support/failsWith';
import { get } from '../../support/gatewayClients';
import { useLeakCheck } from '../../support/leakCheck';
import { allocatePort, isPortFree } from '../../../src/platform/net/freePort';
import { requests } from '../../../src/protocol/messages';
import { Stranger } from '../net/stranger';

/** Takes any free port, whatever it is given; prints it when told to. */
const elsewhere = `
const server = require('node:http').createServer((request, response) => response.end('hello from ' + process.pid));
server.listen(0, '127.0.0.1', () => {
  if (process.argv[2] === 'prints') console.log('Local: http://localhost:' + server.address().port + '/');
});
`;
/** Opens a debugger's port first and its own later, where it shall. */
const debuggerFirst = `
const { createServer } = require('node:http');
const side = createServer((request, response) => response.end('side'));
side.listen(0, '127.0.0.1', () => console.log('Debugger listening on ws://127.0.0.1:' + side.address().port + '/x'));
const own = createServer((request, response) => response.end('own'));
setTimeout(() => own.listen(Number(process.env.PORT), '127.0.0.1'), 3_500);
`;
const several = `
const { createServer } = require('node:http');
for (let i = 0; i < 2; i++) createServer((request, response) => response.end('which?')).listen(0, '127.0.0.1');
`;
/** Leaves others the time to take its port. */
const late = `
const server = require('node:http').createServer((request, response) => response.end('late'));
setTimeout(() => server.listen(Number(process.env.PORT), '127.0.0.1'), 2_000);
`;
/** Insists on the public port. */
const insists = `
require('node:http').createServer(() => {}).listen(Number(process.argv[2]), '127.0.0.1');
`;

describe('a program behind a gateway that takes another port than it was given', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  async function declare(text: string, args: readonly string[] = [], more: object = {}): Promise<void> {
    const b = broker();
    b.write('server.cjs', text);
    const ready = { http: '/', timeout: '20s' };
    await b.declare({ api: { command: ['node', 'server.cjs', ...args], port: 'auto', gateway: true, ready, ...more } });
  }

  for (const [words, args] of [
    ['prints it', ['prints']],
    ['says nothing', []],
  ] as const) {
    it(`is reached there when it ${words}, also after a sleep`, async () => {
      const b = broker();
      await declare(elsewhere, args);
      const { publicPort = 0, upstreamPort, pid } = await b.start('api');
      assert.notEqual(upstreamPort, publicPort);
      assert.equal((await get(publicPort, '/')).body, `hello from ${pid}`);
      await b.sleepNow('api');
      const woken = await get(publicPort, '/');
      assert.equal(woken.status, 200);
      assert.equal(woken.body, `hello from ${b.view('api').pid}`);
    });
  }

  it('is reached there when its log alone tells that it is ready', async () => {
    await declare(elsewhere, ['prints'], { ready: { log: 'Local:' } });
    const { publicPort = 0, pid } = await broker().start('api');
    assert.equal((await get(publicPort, '/')).body, `hello from ${pid}`);
  });

  it('is not looked for at its debugger, which it opens first', async () => {
    const b = broker();
    await declare(debuggerFirst);
    const { publicPort = 0 } = await b.start('api');
    assert.equal((await get(publicPort, '/')).body, 'own');
  });

  it('is not ready when it took several and nothing tells which is meant', async () => {
    await declare(several, [], { ready: { http: '/', timeout: '2s' } });
    const { code, failure } = await failureOf(broker().start('api'));
    assert.equal(code, 'readyTimeout');
    assert.match(
      failure.hint ?? '',
      /it listens on port \d+ and \d+ instead of \d+; which of them is meant cannot be told/,
    );
  });

  it('is told what to do when it insists on the port of its gateway', async () => {
    const publicPort = (await allocatePort((port) => isPortFree(port))) ?? 0;
    await declare(insists, [String(publicPort)], { port: publicPort });
    const { code, failure } = await failureOf(broker().start('api'));
    assert.equal(code, 'exitedBeforeReady');
    assert.match(failure.hint ?? '', new RegExp(`Port ${publicPort} is held by the gateway of this backend`));
    assert.match(failure.hint ?? '', /"gateway": false/);
  });

  it('gets another one within the same start when a stranger took its hidden port first, and the log names who', async () => {
    const b = broker();
    await declare(late);
    const starting = b.start('api');
    starting.catch(() => {});
    const { upstreamPort: first = 0 } = await b.waitFor('api', (view) => view.pid !== undefined);
    const stranger = await Stranger.start('127.0.0.1', first);
    try {
      const ready = await starting;
      assert.notEqual(ready.upstreamPort, first);
      assert.equal((await get(ready.publicPort ?? 0, '/')).body, 'late');
      const { timeline } = await b.link.request(requests.details, { key: b.key('api') });
      const said = timeline.find(({ cause }) => cause.startsWith(`port ${first} was taken by process ${stranger.pid}`));
      assert.equal(said?.state, 'starting');
      assert.equal(timeline.filter(({ state }) => state === 'failed').length, 0);
      assert.match(b.logOf('api'), new RegExp(`port ${first} was taken by process ${stranger.pid}`));
    } finally {
      await stranger.end();
    }
  });

  it('is not started again because it ended for a reason of its own', async () => {
    const b = broker();
    await declare(`console.log('once'); process.exit(3);`);
    const { code } = await failureOf(b.start('api'));
    assert.equal(code, 'exitedBeforeReady');
    assert.equal(
      b
        .logOf('api')
        .split('\n')
        .filter((line) => line === 'once').length,
      1,
    );
  });

  it('is told that it listened nowhere', async () => {
    await declare(`setInterval(() => {}, 1_000);`, [], { ready: { http: '/', timeout: '1s' } });
    const { code, failure } = await failureOf(broker().start('api'));
    assert.equal(code, 'readyTimeout');
    assert.match(failure.hint ?? '', /It listened on no port; the one it was given is \d+/);
  });
});
