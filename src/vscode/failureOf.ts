import { errorCode, errorMessage } from '../base/errors';
import { BackendFailure } from '../protocol/backendFailure';

const refusals: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Whatever was thrown, as the one error that callers and messages know; requests reject with it already. Nothing
 * else is blamed on the broker: what fails here fails with the next one too.
 */
export function failureOf(error: unknown): BackendFailure {
  if (error instanceof BackendFailure) return error;
  const code = refusals.includes(errorCode(error)) ? 'permissionDenied' : 'spawnFailed';
  const { failure } = BackendFailure.of(code, `Unexpected error: ${errorMessage(error)}`);
  return new BackendFailure(failure, { cause: error });
}

/** VS Code passes only the message of a command's error on to its caller, so the code goes into it. */
export function withCodeInMessage(error: unknown): BackendFailure {
  const { failure } = failureOf(error);
  return new BackendFailure({ ...failure, message: `${failure.message} [${failure.code}]` }, { cause: error });
}
