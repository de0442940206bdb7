import { errorCode, errorMessage } from '../../base/errors';
import type { SpawnProblem } from './types';

/** One argument or variable may hold this much, its final NUL included. */
const maxStringBytes = 128 * 1024;

export interface SpawnAttempt {
  /** The program as it was written. */
  readonly program: string;
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A failure that is already told; thrown between the steps of a spawn. */
export class SpawnFailure extends Error {
  constructor(readonly problem: SpawnProblem) {
    super(problem.message);
  }
}

/** Turns what the system said about a spawn into what happened, where, and what to do. */
export function spawnProblem(error: unknown, attempt: SpawnAttempt): SpawnProblem {
  if (error instanceof SpawnFailure) return error.problem;
  const { program } = attempt;
  const said = errorMessage(error);
  switch (errorCode(error)) {
    case 'ENOENT':
      return {
        code: 'commandNotFound',
        message: `Command not found: ${program}`,
        hint: 'Check the spelling and PATH.',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'permissionDenied',
        message: `No permission to run ${program} in ${attempt.cwd}.`,
        hint: 'Check the permissions of the program and of the folders above it.',
      };
    case 'ENOEXEC':
      return {
        code: 'notExecutable',
        message: `${program} is not a program this system can run.`,
        hint: 'Was it built for another system or processor?',
      };
    case 'E2BIG':
      return tooBig(attempt);
    case 'EAGAIN':
      return full(program, 'the limit of processes is reached', 'End processes you do not need, or raise `ulimit -u`.');
    case 'EMFILE':
    case 'ENFILE':
      return full(program, 'too many files are open', 'Stop some backends, or raise `ulimit -n`.');
    case 'ENOMEM':
      return full(program, 'there is not enough memory', 'Stop some backends or close other programs.');
    case 'ENOSPC':
      return full(program, 'the disk is full', 'Free some space where the logs are kept.');
    default:
      return { code: 'spawnFailed', message: `${program} could not be started: ${said}` };
  }
}

function full(program: string, why: string, hint: string): SpawnProblem {
  return { code: 'spawnFailed', message: `${program} could not be started: ${why}.`, hint };
}

function tooBig({ program, args, env }: SpawnAttempt): SpawnProblem {
  const argument = args.findIndex((arg) => Buffer.byteLength(arg) >= maxStringBytes);
  const name = Object.keys(env).find((key) => Buffer.byteLength(`${key}=${env[key] ?? ''}`) >= maxStringBytes);
  const what =
    argument >= 0
      ? `argument ${argument + 1} is longer than 128 KiB`
      : name !== undefined
        ? `the environment variable ${name} is longer than 128 KiB`
        : 'command line and environment together are too long';
  return full(program, what, 'Put long values into a file and pass its name.');
}
