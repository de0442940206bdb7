import { errorMessage } from '../base/errors';
import { BackendFailure } from '../protocol/backendFailure';

/** Whatever was thrown, as the one error that callers and messages know; requests reject with it already. */
export function failureOf(error: unknown): BackendFailure {
  if (error instanceof BackendFailure) return error;
  return BackendFailure.of('brokerUnavailable', `Unexpected error: ${errorMessage(error)}`);
}

/** VS Code passes only the message of a command's error on to its caller, so the code goes into it. */
export function withCodeInMessage(error: unknown): BackendFailure {
  const { failure } = failureOf(error);
  return new BackendFailure({ ...failure, message: `${failure.message} [${failure.code}]` }, { cause: error });
}
