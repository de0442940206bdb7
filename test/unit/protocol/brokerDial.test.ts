import assert from 'node:assert/strict';
import { streamPair } from '../../../src/broker/streamPair';
import { sayHello } from '../../../src/protocol/brokerDial';
import { BackendFailure } from '../../../src/protocol/backendFailure';
import { requests, type HelloParams } from '../../../src/protocol/messages';
import { rpcOver } from '../../../src/protocol/rpc';
import { pass, settle } from '../broker/steps';
import { ManualClock } from '../vscode/manualClock';

describe('greeting a broker', () => {
  const caller = (clock: ManualClock): { buildId: string; clientName: string; clock: ManualClock } => ({
    buildId: 'b',
    clientName: 'a window',
    clock,
  });

  it('presents the secret and learns who it is', async () => {
    const clock = new ManualClock();
    const [ours, theirs] = streamPair();
    const broker = rpcOver(theirs);
    let seen: HelloParams | undefined;
    broker.onRequest(requests.hello, (params) => {
      seen = params;
      return { protocolVersion: 1, buildId: 'b', brokerPid: 7, inProcess: true, running: 0 };
    });
    broker.listen();
    const { hello, rpc } = await sayHello(ours, { token: 'secret' }, caller(clock));
    assert.equal(hello.brokerPid, 7);
    assert.equal(seen?.token, 'secret');
    assert.equal(seen.clientPid, process.pid);
    assert.equal(clock.pending, 0);
    rpc.end();
    rpc.dispose();
    broker.dispose();
  });

  it('gives up on one that accepts and says nothing', async () => {
    const clock = new ManualClock();
    const [ours, theirs] = streamPair();
    theirs.resume();
    const refused = sayHello(ours, { token: 'secret' }, caller(clock)).then(
      () => undefined,
      (error: unknown) => error,
    );
    await pass(clock, 10_000, 1_000);
    const error = await refused;
    assert.ok(error instanceof BackendFailure && error.code === 'brokerUnavailable');
    assert.match(error.message, /has not answered for 10 s/);
    assert.equal(ours.destroyed, true);
    assert.equal(clock.pending, 0);
  });

  it('ends the stream when it is refused, and tells why', async () => {
    const [ours, theirs] = streamPair();
    const broker = rpcOver(theirs);
    broker.onRequest(requests.hello, () => {
      throw BackendFailure.of('brokerUnavailable', 'not you', 'ask someone else');
    });
    broker.listen();
    const error = await sayHello(ours, { token: 'x' }, caller(new ManualClock())).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof BackendFailure);
    assert.equal(error.message, 'not you');
    assert.equal(error.hint, 'ask someone else');
    assert.equal(ours.destroyed, true);
    await settle();
    broker.dispose();
  });
});
