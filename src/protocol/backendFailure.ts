import { errorMessage } from '../base/errors';
import type { BackendErrorCode, Failure } from '../model/failure';

/** An error with a code of the closed list; thrown by the broker, carried over the socket, rejected to callers. */
export class BackendFailure extends Error {
  override readonly name = 'BackendError';

  constructor(
    readonly failure: Failure,
    options?: { readonly cause?: unknown },
  ) {
    super(failure.message, options);
  }

  get code(): BackendErrorCode {
    return this.failure.code;
  }

  get hint(): string | undefined {
    return this.failure.hint;
  }

  /** A failure with nothing but code, message and perhaps a hint. */
  static of(code: BackendErrorCode, message: string, hint?: string): BackendFailure {
    return new BackendFailure({ code, message, logTail: [], ...(hint === undefined ? {} : { hint }) });
  }
}

/** No answer can be had: `why` in words, or what was thrown. */
export function brokerUnavailable(why: unknown): BackendFailure {
  return BackendFailure.of(
    'brokerUnavailable',
    typeof why === 'string' ? why : `The broker did not answer: ${errorMessage(why)}`,
    'Try again: a new broker is started. The log channel "Local Backends" has the details.',
  );
}

/** What was asked went away with the broker: a new one can be asked. */
export class BrokerDied extends BackendFailure {
  constructor() {
    super(brokerUnavailable('The broker ended before it answered.').failure);
  }
}

/** Reads a failure out of the `data` of a JSON-RPC error; undefined when there is none. */
export function failureFromData(data: unknown): Failure | undefined {
  if (typeof data !== 'object' || data === null || !('failure' in data)) return undefined;
  const failure = data.failure;
  if (typeof failure !== 'object' || failure === null) return undefined;
  return 'code' in failure && 'message' in failure ? (failure as Failure) : undefined;
}
