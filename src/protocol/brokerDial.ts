import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/lifecycle';
import { BackendFailure, BrokerDied } from './backendFailure';
import { latestRecord, type BrokerRecord } from './brokerRecord';
import { protocolVersion, requests, type HelloResult } from './messages';
import type { RpcConnection } from './rpcConnection';
import { connectTo } from './socketConnect';

export interface Dialled {
  readonly rpc: RpcConnection;
  readonly hello: HelloResult;
}

export interface Caller {
  readonly buildId: string;
  readonly clientName: string;
  readonly clock: Clock;
}

/** A broker that is suspended still accepts (the kernel does it), but says nothing. */
const helloDeadlineMs = 10_000;

/** Looks for a live broker; undefined when none accepts. Rejects when one accepts but refuses us. */
export async function dialLatest(recordDirectory: string, caller: Caller): Promise<Dialled | undefined> {
  const record = await latestRecord(recordDirectory);
  if (record === undefined) return undefined;
  const stream = await connectTo(record.socketPath).catch(() => undefined);
  if (stream === undefined) return undefined;
  try {
    return await sayHello(stream, record, caller);
  } catch (error) {
    // One that is being killed still accepts for a moment.
    if (error instanceof BrokerDied) return undefined;
    throw error;
  }
}

/** Greets over an open stream; ends the stream when the broker refuses. */
export async function sayHello(stream: Duplex, record: Pick<BrokerRecord, 'token'>, caller: Caller): Promise<Dialled> {
  // A stream error is followed by its close, which is where the loss is handled.
  stream.on('error', () => {});
  const died = new Promise<never>((_, reject) => {
    stream.once('close', () => reject(new BrokerDied()));
  });
  died.catch(() => {});
  // A window that has no broker to greet never needs it, and activates the sooner.
  const { rpcOver } = await import('./rpc');
  const rpc = rpcOver(stream);
  rpc.listen();
  const deadline = new DisposableStore();
  const silence = new Promise<never>((_, reject) => {
    deadline.add(caller.clock.setTimer(helloDeadlineMs, () => reject(new BrokerSilent())));
  });
  try {
    const greeting = rpc.sendRequest(requests.hello, {
      protocolVersion,
      buildId: caller.buildId,
      token: record.token,
      clientName: caller.clientName,
      clientPid: process.pid,
    });
    return { rpc, hello: await Promise.race([greeting, silence, died]) };
  } catch (error) {
    rpc.dispose();
    stream.destroy();
    throw error;
  } finally {
    deadline.dispose();
  }
}

/** It accepts, and does not answer. */
export class BrokerSilent extends BackendFailure {
  constructor() {
    super({
      code: 'brokerUnavailable',
      message: `The broker accepts connections but has not answered for ${helloDeadlineMs / 1000} s.`,
      hint: 'It may be suspended or overloaded. The log channel "Local Backends" has the details.',
      logTail: [],
    });
  }
}
