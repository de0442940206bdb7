import type { Duplex } from 'node:stream';
import {
  ConnectionError,
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { errorMessage } from '../base/errors';
import type { BrokerErrorData } from './messages';
import { BackendFailure, BrokerDied, brokerUnavailable, failureFromData } from './backendFailure';
import type { RpcConnection } from './rpcConnection';

const failureErrorCode = -32_000;

/** A JSON-RPC connection over any duplex stream: a socket, a named pipe, or a pair in memory. */
export function rpcOver(stream: Duplex): RpcConnection {
  const connection = createMessageConnection(new StreamMessageReader(stream), new StreamMessageWriter(stream));
  return {
    listen: () => connection.listen(),
    sendRequest: async ({ method }, params) => {
      try {
        return await connection.sendRequest(method, params);
      } catch (error) {
        throw fromResponseError(error);
      }
    },
    onRequest: ({ method }, handler) =>
      connection.onRequest(method, async (params: Parameters<typeof handler>[0]) => {
        try {
          return await handler(params);
        } catch (error) {
          throw toResponseError(error);
        }
      }),
    sendNotification: async ({ method }, params) => connection.sendNotification(method, params),
    onNotification: ({ method }, handler) => connection.onNotification(method, handler),
    onClose: (run) => connection.onClose(run),
    end: () => connection.end(),
    dispose: () => connection.dispose(),
  };
}

/** Turns what was thrown into an error that crosses the socket with its failure. */
function toResponseError(error: unknown): ResponseError<BrokerErrorData> {
  const failure =
    error instanceof BackendFailure
      ? error.failure
      : BackendFailure.of('spawnFailed', `Unexpected error in the broker: ${errorMessage(error)}`).failure;
  return new ResponseError(failureErrorCode, failure.message, { failure });
}

/** Turns what came over the socket back into a {@link BackendFailure}. */
function fromResponseError(error: unknown): BackendFailure {
  const failure = error instanceof ResponseError ? failureFromData(error.data) : undefined;
  if (failure !== undefined) return new BackendFailure(failure);
  return isLost(error) ? new BrokerDied() : brokerUnavailable(error);
}

/** What was asked when the other end had just gone: not answered any more, or not even written. */
const lostCodes: readonly number[] = [ErrorCodes.PendingResponseRejected, ErrorCodes.MessageWriteError];

function isLost(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof ResponseError && lostCodes.includes(error.code);
}
