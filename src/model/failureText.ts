import type { BackendErrorCode, Failure } from './failure';
import { plainText } from './plainText';

const wordsByCode: Readonly<Record<BackendErrorCode, string>> = {
  unknownBackend: 'unknown backend',
  invalidConfig: 'problem in the definition',
  untrusted: 'workspace is not trusted',
  commandNotFound: 'command not found',
  cwdMissing: 'folder not found',
  notExecutable: 'not executable',
  permissionDenied: 'permission denied',
  spawnFailed: 'could not be started',
  portTaken: 'port is taken',
  exitedBeforeReady: 'exited before ready',
  readyTimeout: 'not ready in time',
  dependencyFailed: 'a dependency failed',
  budgetExhausted: 'started too often',
  crashed: 'exited',
  cancelled: 'cancelled',
  brokerUnavailable: 'broker is not available',
};

/** The shortest useful words for a failure, for one row: `exit 1`, `SIGKILL`, `port 3000 is taken`. */
export function failureText(failure: Failure): string {
  if (failure.leftovers !== undefined && failure.leftovers.length > 0) return 'processes left behind';
  if (failure.code === 'portTaken' && failure.portHolder) return `port ${failure.portHolder.port} is taken`;
  if (failure.code === 'exitedBeforeReady' || failure.code === 'crashed') {
    if (failure.exitCode !== undefined) return `exit ${failure.exitCode}`;
    if (failure.signal !== undefined) return failure.signal;
  }
  const words = wordsByCode[failure.code];
  const { listensOn = [] } = failure;
  return failure.code === 'readyTimeout' && listensOn.length > 0
    ? `${words}, listens on ${listensOn.join(', ')}`
    : words;
}

/** For a message about several failures: with who holds the port. */
export function failureWords(failure: Failure): string {
  const { pid, command } = failure.portHolder ?? {};
  const text = failureText(failure);
  if (failure.code !== 'portTaken' || pid === undefined) return text;
  return command === undefined ? `${text} by process ${pid}` : `${text} by process ${pid} (${shortCommand(command)})`;
}

/** Without the folder of the program, which says least and would push out the arguments, which say most. */
function shortCommand(command: string): string {
  const [program = '', ...args] = plainText(command, 1_000).split(' ');
  return plainText([program.slice(program.lastIndexOf('/') + 1) || program, ...args].join(' '), 80);
}
