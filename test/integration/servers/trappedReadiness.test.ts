import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { useBroker } from '../../support/brokerHarness';
import { failureOf } from '../../support/failsWith';
import { hostileProgram } from '../../support/hostileProgram';
import { useLeakCheck } from '../../support/leakCheck';
import { requests } from '../../../src/protocol/messages';
import { Stranger } from '../net/stranger';

describe('the traps of readiness', function () {
  this.timeout(40_000);
  const broker = useBroker();
  const strangers: Stranger[] = [];
  afterEach(async () => {
    for (const stranger of strangers.splice(0)) await stranger.end();
  });
  useLeakCheck(10_000);

  function truthFile(name: string): string {
    return join(broker().root, `${name}.truth`);
  }

  function tricky(trap: string, more: object = {}, after: string | number = 400): object {
    const command = hostileProgram('trickyServer.mjs', trap, truthFile(trap), String(after));
    return { command, port: 'auto', ready: { http: '/', timeout: '20s' }, ...more };
  }

  // Each program writes its file before the first true answer: without it, "ready" was a lie.
  for (const [trap, words] of [
    ['silent', 'listens late and prints nothing'],
    ['boasts', 'says that it is ready before it listens'],
    ['onlyV6', 'listens on ::1 only'],
    ['warmUp', 'answers 503 while it warms up'],
    ['holdsAnswers', 'accepts and answers late'],
    ['slowBytes', 'answers byte by byte'],
    ['halfAnswer', 'answers by halves at first'],
    ['forks', 'hands over to a child and exits'],
  ] as const) {
    it(`one that ${words} is ready when it is, not before`, async () => {
      const window = broker().window();
      await window.declare({ [trap]: tricky(trap) });
      const { state } = await window.start(trap);
      assert.equal(state, 'ready');
      assert.ok(existsSync(truthFile(trap)), 'it was called ready before it answered');
      await window.stop(trap);
    });
  }

  it('one that redirects to itself for ever does not become ready where 200 is asked for', async () => {
    const window = broker().window();
    const ready = { http: { path: '/', status: 200 }, timeout: '1s' };
    await window.declare({ redirectLoop: tricky('redirectLoop', { ready }) });
    const error = await failureOf(window.start('redirectLoop'));
    assert.equal(error.code, 'readyTimeout');
    assert.match(error.failure.probed ?? '', /HTTP 302/);
  });

  it('one that takes the next port is not ready, and the port it took is named', async () => {
    const window = broker().window();
    await window.declare({ nextPort: tricky('nextPort', { ready: { http: '/', timeout: '3s' } }) });
    const rejected = failureOf(window.start('nextPort'));
    const { publicPort = 0 } = await window.waitFor('nextPort', (view) => view.pid !== undefined);
    const error = await rejected;
    assert.equal(error.code, 'readyTimeout');
    const words = `it listens on port ${publicPort + 1} instead of ${publicPort}`;
    assert.ok(error.failure.probed?.includes(words), error.failure.probed);
    assert.ok(error.failure.hint?.includes(words), error.failure.hint);
  });

  it('one whose line was printed by the run before is not ready by that', async () => {
    const window = broker().window();
    const ready = { log: 'READY TO SERVE', timeout: '800ms' };
    await window.declare({ printsOnce: { ...tricky('printsOnce', { ready }), port: undefined } });
    await window.start('printsOnce');
    await window.stop('printsOnce');
    const error = await failureOf(window.start('printsOnce'));
    assert.equal(error.code, 'readyTimeout');
  });

  it('one whose port a stranger took is not ready, and the stranger is named', async () => {
    const window = broker().window();
    await window.declare({ silent: tricky('silent', { ready: { tcp: true } }, 60_000) });
    const rejected = failureOf(window.start('silent'));
    const { publicPort } = await window.waitFor('silent', (view) => view.pid !== undefined);
    const stranger = await Stranger.start('127.0.0.1', publicPort);
    strangers.push(stranger);
    await window.waitFor('silent', (view) => view.detail?.includes(`is held by pid ${stranger.pid}`) === true);
    assert.equal(window.view('silent').state, 'starting');
    await window.cancelStart('silent');
    assert.equal((await rejected).code, 'cancelled');
  });

  it('one that has ::1 taken from it is ready when its own 127.0.0.1 answers', async () => {
    const window = broker().window();
    await window.declare({ silent: tricky('silent', { ready: { tcp: true, timeout: '20s' } }, 1_500) });
    const started = window.start('silent');
    const { publicPort } = await window.waitFor('silent', (view) => view.pid !== undefined);
    strangers.push(await Stranger.start('::1', publicPort));
    assert.equal((await started).state, 'ready');
    assert.ok(existsSync(truthFile('silent')));
  });

  it('one that restarts itself right after it was ready is marked until it answers again, at once', async () => {
    const window = broker().window();
    await window.declare({ restartsItself: tricky('restartsItself', {}, 700) });
    const { pid } = await window.start('restartsItself');
    const marked = await window.waitFor('restartsItself', (view) => view.notAnswering !== undefined);
    assert.equal(marked.state, 'ready');
    assert.match(marked.notAnswering?.saw ?? '', /stopped listening/);
    const back = await window.waitFor('restartsItself', (view) => view.notAnswering === undefined);
    assert.equal(back.pid, pid, 'it was left running');
    const { timeline } = await window.details('restartsItself');
    assert.deepEqual(
      timeline.slice(-2).map(({ state, cause }) => [state, cause]),
      [
        ['ready', 'not answering: it stopped listening; it may be restarting itself'],
        ['ready', 'it answers again'],
      ],
    );
    await window.stop('restartsItself');
  });

  it('one that goes deaf is marked by its liveness probe, left running, and back when it answers', async () => {
    const window = broker().window();
    const deaf = join(broker().folder, 'deaf');
    const liveness = { http: '/', period: '500ms' };
    const ready = { http: '/', probeTimeout: '500ms' };
    await window.declare({ deafWhen: tricky('deafWhen', { ready, liveness }, deaf) });
    const { pid } = await window.start('deafWhen');
    broker().write('deaf', '');
    const marked = await window.waitFor('deafWhen', (view) => view.notAnswering !== undefined);
    assert.equal(marked.state, 'ready');
    assert.equal(marked.pid, pid);
    assert.match(marked.notAnswering?.saw ?? '', /^http \/ → connected, but timed out after 500 ms$/);
    rmSync(deaf);
    await window.waitFor('deafWhen', (view) => view.notAnswering === undefined && view.pid === pid);
    await window.stop('deafWhen');
  });

  it('looks are told with their reason', async () => {
    const window = broker().window();
    await window.declare({ prints: tricky('prints') });
    await window.start('prints');
    const { probes } = await window.link.request(requests.details, { key: window.key('prints') });
    assert.deepEqual(
      probes.filter((probe) => probe.attempt !== undefined).map((probe) => probe.reason),
      ['start', 'schedule 50 ms', 'schedule 100 ms', 'schedule 200 ms', 'schedule 500 ms'].slice(
        0,
        probes.filter((probe) => probe.attempt !== undefined).length,
      ),
    );
    assert.ok(
      probes.some((probe) => probe.attempt === undefined),
      'no extra look was made',
    );
    assert.equal(probes.at(-1)?.ok, true);
  });
});
