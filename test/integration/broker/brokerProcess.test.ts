import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { processFacts } from '../../support/processFacts';
import { httpServerSource } from '../../support/sampleServer';
import { waitUntil } from '../../support/waitUntil';
import { runInProcess } from '../../../src/broker/brokerMain';
import { BackendFailure } from '../../../src/protocol/backendFailure';
import { recordDirectory } from '../../../src/protocol/brokerPlaces';
import { latestRecord, type BrokerRecord } from '../../../src/protocol/brokerRecord';
import { protocolVersion, requests, type HelloParams } from '../../../src/protocol/messages';
import { rpcOver } from '../../../src/protocol/rpc';
import { RequestType } from '../../../src/protocol/rpcConnection';
import { connectTo } from '../../../src/protocol/socketConnect';

const server = { command: ['node', 'server.cjs'], port: 'auto', ready: { http: '/' } };
const unavailable = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof BackendFailure);
  assert.equal(error.code, 'brokerUnavailable');
  assert.match(error.message, message);
  return true;
};

describe('the broker process', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  const recordOf = async (stateDir: string): Promise<BrokerRecord> => {
    const record = await latestRecord(recordDirectory(stateDir));
    assert.ok(record !== undefined);
    return record;
  };

  it('that is killed is noticed at once, what was asked is answered, and the next request starts another', async () => {
    const b = broker();
    const window = b.window();
    await window.declare({ never: { command: ['node', '-e', ''], autoStart: false } });
    await window.details('never');
    const first = b.brokerPid ?? 0;
    process.kill(first, 'SIGSTOP');
    const asked = assert.rejects(window.details('never'), unavailable(/ended before it answered/));
    const killedAt = performance.now();
    process.kill(first, 'SIGKILL');
    await asked;
    const lost = window.linkStates.filter(({ state }) => state === 'lost');
    assert.ok(performance.now() - killedAt < 5_000, 'at once');
    assert.match(lost.at(-1)?.reason ?? '', /ended unexpectedly/);
    const details = await window.details('never');
    assert.equal(details.key, window.key('never'));
    assert.notEqual(b.brokerPid, first);
    assert.equal(window.link.state, 'connected');
    assert.equal(readdirSync(b.stateDir).filter((name) => name.endsWith('.sock')).length, 1, 'the old socket is gone');
  });

  it('that ends on a signal stops its backends first and says that it went on purpose', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window();
    await window.declare({ api: server });
    const { pid } = await window.start('api');
    process.kill(b.brokerPid ?? 0, 'SIGTERM');
    await waitUntil('the link to be idle', () => window.link.state === 'idle');
    assert.match(window.linkStates.at(-1)?.reason ?? '', /SIGTERM/);
    assert.equal(window.view('api').state, 'stopped');
    assert.equal(isAlive(pid ?? 0), false);
    assert.equal((await window.start('api')).state, 'ready');
  });

  it('is one, however many windows start it at the same time', async () => {
    const b = broker();
    for (let round = 1; round <= 10; round++) {
      const startedBefore = b.brokerPids.length;
      const windows = [b.window(), b.window()];
      for (const window of windows) await window.declare({ api: server });
      await Promise.all(windows.map((window) => window.details('api')));
      const { pid } = await recordOf(b.stateDir);
      const started = b.brokerPids.slice(startedBefore);
      await waitUntil('the loser to leave', () => started.filter(isAlive).length === 1);
      assert.deepEqual(started.filter(isAlive), [pid], `round ${round}`);
      for (const window of windows) assert.equal(window.link.state, 'connected');
      // The next round begins with none.
      process.kill(pid, 'SIGTERM');
      await waitUntil('the broker to end', () => !isAlive(pid));
      for (const window of windows) window.link.dispose();
    }
  });

  describe('greets', () => {
    const greet = async (change: (params: HelloParams) => object): Promise<unknown> => {
      const b = broker();
      await b.declare({});
      await b.link.request(requests.releaseHold, { holdId: 'none' });
      const record = await recordOf(b.stateDir);
      const socket = await connectTo(record.socketPath);
      const rpc = rpcOver(socket);
      rpc.listen();
      const hello = { protocolVersion, buildId: 'x', token: record.token, clientName: 'test', clientPid: process.pid };
      try {
        return await rpc.sendRequest(new RequestType<object, unknown, void>('hello'), change(hello));
      } finally {
        rpc.dispose();
        socket.destroy();
      }
    };

    it('who has its secret and speaks its protocol', async () => {
      const answer = await greet((hello) => hello);
      assert.equal((answer as { brokerPid: number }).brokerPid, broker().brokerPid);
    });

    it('nobody with a wrong secret', async () => {
      await assert.rejects(
        greet((hello) => ({ ...hello, token: 'f'.repeat(64) })),
        /did not present the secret/,
      );
      await assert.rejects(
        greet((hello) => ({ ...hello, token: { length: 64 } })),
        /did not present the secret/,
      );
    });

    it('nobody who speaks another protocol, and names both', async () => {
      await assert.rejects(
        greet((hello) => ({ ...hello, protocolVersion: 99 })),
        /speaks protocol 1, the window speaks 99/,
      );
    });

    it('before anything else is answered', async () => {
      const b = broker();
      await b.declare({});
      await b.link.request(requests.releaseHold, { holdId: 'none' });
      const socket = await connectTo((await recordOf(b.stateDir)).socketPath);
      const rpc = rpcOver(socket);
      rpc.listen();
      try {
        await assert.rejects(rpc.sendRequest(requests.retire, {}), /has not greeted yet/);
      } finally {
        rpc.dispose();
        socket.destroy();
      }
    });
  });

  describe('of another build', () => {
    it('makes room at once when it is idle', async () => {
      const b = broker();
      const old = b.window();
      await old.declare({ api: server });
      await old.details('api');
      const first = b.brokerPid;
      const updated = b.window({ buildId: 'updated' });
      await updated.declare({ api: server });
      await updated.details('api');
      assert.notEqual(b.brokerPid, first);
      await waitUntil('the old one to be gone', () => !isAlive(first ?? 0));
      assert.match(old.linkStates.at(-1)?.reason ?? '', /another build/);
    });

    it('is used, and named, while it has backends running', async () => {
      const b = broker();
      b.write('server.cjs', httpServerSource);
      const old = b.window();
      await old.declare({ api: server });
      const { pid } = await old.start('api');
      const warnings: string[] = [];
      const updated = b.window({ buildId: 'updated', log: (level, text) => level === 'warn' && warnings.push(text) });
      await updated.declare({ api: server });
      assert.equal((await updated.start('api')).pid, pid);
      assert.equal(b.brokerPids.length, 1);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? '', new RegExp(`pid ${b.brokerPid}.*this window of updated.*1 running`));
    });
  });

  describe('refuses a state directory', () => {
    it('that others can read, and says what to do', async () => {
      const b = broker();
      chmodSync(b.stateDir, 0o755);
      await assert.rejects(b.link.request(requests.retire, {}), unavailable(/open to other users.*chmod 700/s));
      chmodSync(b.stateDir, 0o700);
    });

    it('that is a link', async () => {
      const b = broker();
      mkdirSync(join(b.root, 'elsewhere'), { mode: 0o700 });
      rmSync(b.stateDir, { recursive: true });
      symlinkSync(join(b.root, 'elsewhere'), b.stateDir);
      await assert.rejects(b.link.request(requests.retire, {}), unavailable(/is a symbolic link/));
    });
  });

  it('inside the window does the same, and ends with it', async () => {
    const b = broker();
    b.write('server.cjs', httpServerSource);
    const window = b.window({ runInProcess });
    await window.declare({ api: { ...server, idleTimeout: '600ms' } });
    const first = await window.start('api');
    assert.equal(window.link.inProcess, true);
    assert.equal(processFacts(first.pid ?? 0)?.parent, process.pid);
    await window.waitFor('api', 'quiesced');
    const second = await window.start('api');
    await window.link.end();
    assert.equal(isAlive(second.pid ?? 0), false);
    assert.equal(b.brokerPids.length, 0);
  });
});
