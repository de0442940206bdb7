import type { Duplex } from 'node:stream';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { latestRecord, type BrokerRecord } from './brokerRecord';
import { protocolVersion, requests, type HelloResult } from './messages';
import { rpcOver } from './rpc';
import { connectTo } from './socketConnect';

export interface Dialled {
  readonly rpc: MessageConnection;
  readonly hello: HelloResult;
}

export interface Caller {
  readonly buildId: string;
  readonly clientName: string;
}

/** Looks for a live broker; undefined when none accepts. Rejects when one accepts but refuses us. */
export async function dialLatest(recordDirectory: string, caller: Caller): Promise<Dialled | undefined> {
  const record = await latestRecord(recordDirectory);
  if (record === undefined) return undefined;
  const stream = await connectTo(record.socketPath).catch(() => undefined);
  return stream === undefined ? undefined : sayHello(stream, record, caller);
}

/** Greets over an open stream; ends the stream when the broker refuses. */
export async function sayHello(stream: Duplex, record: Pick<BrokerRecord, 'token'>, caller: Caller): Promise<Dialled> {
  const rpc = rpcOver(stream);
  // A stream error is followed by its close, which is where the loss is handled.
  stream.on('error', () => {});
  rpc.listen();
  try {
    const hello = await rpc.sendRequest(requests.hello, {
      protocolVersion,
      buildId: caller.buildId,
      token: record.token,
      clientName: caller.clientName,
      clientPid: process.pid,
    });
    return { rpc, hello };
  } catch (error) {
    rpc.dispose();
    stream.destroy();
    throw error;
  }
}
