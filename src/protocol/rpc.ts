import type { Duplex } from 'node:stream';
import {
  ConnectionError,
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { errorMessage } from '../base/errors';
import type { BrokerErrorData } from './messages';
import { BackendFailure, failureFromData } from './backendFailure';

const failureErrorCode = -32_000;

/** A JSON-RPC connection over any duplex stream: a socket, a named pipe, or a pair in memory. */
export function rpcOver(stream: Duplex): MessageConnection {
  return createMessageConnection(new StreamMessageReader(stream), new StreamMessageWriter(stream));
}

/** Turns what the broker threw into an error that crosses the socket with its failure. */
export function toResponseError(error: unknown): ResponseError<BrokerErrorData> {
  const failure =
    error instanceof BackendFailure
      ? error.failure
      : BackendFailure.of('spawnFailed', `Unexpected error in the broker: ${errorMessage(error)}`).failure;
  return new ResponseError(failureErrorCode, failure.message, { failure });
}

/** Turns what came over the socket back into a {@link BackendFailure}; a broken connection is `brokerUnavailable`. */
export function fromResponseError(error: unknown): BackendFailure {
  if (error instanceof BackendFailure) return error;
  const failure = error instanceof ResponseError ? failureFromData(error.data) : undefined;
  if (failure !== undefined) return new BackendFailure(failure);
  return BackendFailure.of(
    'brokerUnavailable',
    isLost(error) ? 'The broker ended before it answered.' : `The broker did not answer: ${errorMessage(error)}`,
    'Try again: a new broker is started. The log channel "Local Backends" has the details.',
  );
}

function isLost(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected;
}
