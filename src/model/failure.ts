/** The closed list of failure codes and the shape that crosses the socket. */

export const backendErrorCodes = [
  'unknownBackend',
  'invalidConfig',
  'untrusted',
  'commandNotFound',
  'cwdMissing',
  'notExecutable',
  'permissionDenied',
  'spawnFailed',
  'portTaken',
  'exitedBeforeReady',
  'readyTimeout',
  'dependencyFailed',
  'budgetExhausted',
  'crashed',
  'cancelled',
  'brokerUnavailable',
] as const;

/** One that ends by itself within this long of being ready was hardly up: whoever started it still looks. */
export const hardlyUpMs = 10_000;

export type BackendErrorCode = (typeof backendErrorCodes)[number];

/** Who listens on a port that a backend wants. */
export interface PortHolder {
  readonly port: number;
  readonly pid?: number;
  /** Kernel start time of the process, so that a later signal cannot hit a recycled pid. */
  readonly startTime?: string;
  /** Command line, secrets masked. */
  readonly command?: string;
  /** Key of the backend, when the holder is one of ours. */
  readonly backend?: string;
}

/** A process that outlived a stop. */
export interface Leftover {
  readonly pid: number;
  readonly startTime: string;
  readonly command: string;
}

export interface Failure {
  readonly code: BackendErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Last lines of output, newest last, at most 20. */
  readonly logTail: readonly string[];
  /** What was probed and what the last look saw, in words. */
  readonly probed?: string;
  readonly portHolder?: PortHolder;
  /** Where its processes listened instead, of one that was not ready in time. */
  readonly listensOn?: readonly number[];
  readonly leftovers?: readonly Leftover[];
  /** When it pays to ask again, in ms. */
  readonly retryAfterMs?: number;
}
