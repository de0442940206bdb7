import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { failureOf } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';
import { requests } from '../../../src/protocol/messages';

/** Says that it is ready when the file `gate` is there, and not before. */
const gated = (says: string): string => `echo up; while [ ! -e gate ]; do sleep 0.05; done; ${says}; exec sleep 60`;

describe('a backend that says on its descriptor that it is ready', function () {
  this.timeout(40_000);
  const broker = useBroker({ reconnectGraceMs: 3_000 });
  useLeakCheck(10_000);

  const sawNothing = (b: BrokerHarness, name: string): Promise<unknown> =>
    waitUntil('a look that saw nothing written', async () => {
      const { probes } = await b.link.request(requests.details, { key: b.key(name) });
      return probes.some(({ saw }) => saw === 'nothing was written to it');
    });

  it('is ready when it writes a line end, not before, and anew in its next run', async () => {
    const b = broker();
    await b.declare({ api: { command: gated('echo >&"$READY_FD"'), ready: { fd: 3 } } });
    let begun = b.start('api');
    await sawNothing(b, 'api');
    assert.equal(b.view('api').state, 'starting');
    b.write('gate', '');
    const first = await begun;
    assert.equal(first.state, 'ready');
    await waitUntil('what it printed', () => b.logOf('api').includes('up'));
    rmSync(join(b.folder, 'gate'));
    begun = b.restart('api');
    await b.waitFor('api', (view) => view.state === 'starting' && view.pid !== undefined && view.pid !== first.pid);
    await sawNothing(b, 'api');
    assert.equal(b.view('api').state, 'starting');
    b.write('gate', '');
    assert.equal((await begun).state, 'ready');
    assert.equal((await b.stop('api')).state, 'stopped');
  });

  it('is not ready by anything else that it writes there, and is told what is missing', async () => {
    const b = broker();
    await b.declare({ api: { command: 'printf almost >&5; exec sleep 60', ready: { fd: 5, timeout: '1s' } } });
    const error = await failureOf(b.start('api'));
    assert.equal(error.code, 'readyTimeout');
    assert.match(error.failure.probed ?? '', /descriptor 5 → 6 bytes were written to it, but no line end/);
  });

  it('must also hold whatever else is asked for', async () => {
    const b = broker();
    const ready = { fd: 3, log: 'second', timeout: '20s' };
    await b.declare({ api: { command: `echo >&3; ${gated('echo second')}`, ready } });
    const begun = b.start('api');
    await waitUntil('what it said to be seen', async () => {
      const { probes } = await b.link.request(requests.details, { key: b.key('api') });
      return probes.some(({ saw }) => saw === 'log "second": waiting for "second"');
    });
    assert.equal(b.view('api').state, 'starting');
    b.write('gate', '');
    assert.equal((await begun).state, 'ready');
  });

  it('is ready under a new broker, whenever it said so', async () => {
    const b = broker();
    await b.declare({ api: { command: gated('echo >&3'), ready: { fd: 3 } } });
    const begun = b.start('api').catch(() => {});
    await sawNothing(b, 'api');
    const { pid } = await b.waitFor('api', (view) => view.pid !== undefined);
    const killed = b.brokerPid ?? 0;
    process.kill(killed, 'SIGKILL');
    b.write('gate', '');
    await waitUntil('a new broker', () => b.brokerPid !== killed && b.link.state === 'connected');
    const ready = await b.waitFor('api', 'ready');
    assert.equal(ready.pid, pid);
    await begun;
  });
});
