import type { Answer } from '../gateway/answers';
import type { Failure } from '../model/failure';
import { errorMessage } from '../base/errors';
import { BackendFailure } from '../protocol/backendFailure';

const laterS = 2;

/** What a client is told of a backend that does not come up: 503 when it pays to ask again, 502 when something must change. */
export function answerOf(trouble: unknown): Answer {
  const failure = trouble instanceof BackendFailure ? trouble.failure : isFailure(trouble) ? trouble : undefined;
  if (failure === undefined) return { status: 502, error: errorMessage(trouble) };
  const { code, message, hint, exitCode, signal, logTail, retryAfterMs } = failure;
  const passes = code === 'readyTimeout' || code === 'budgetExhausted' || code === 'brokerUnavailable';
  return {
    status: passes ? 503 : 502,
    ...(passes ? { retryAfterS: retryAfterMs === undefined ? laterS : Math.ceil(retryAfterMs / 1_000) } : {}),
    error: message,
    ...(hint === undefined ? {} : { hint }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    log: logTail,
  };
}

function isFailure(trouble: unknown): trouble is Failure {
  return typeof trouble === 'object' && trouble !== null && 'logTail' in trouble;
}
