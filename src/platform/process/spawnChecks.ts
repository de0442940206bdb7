import { stat } from 'node:fs/promises';
import { errorCode } from '../../base/errors';
import { SpawnFailure, type SpawnAttempt } from './spawnProblem';

/**
 * The system reports a missing working directory as a missing command, so the directory is looked at first.
 * Throws `SpawnFailure`.
 */
export async function checkCwd(cwd: string): Promise<void> {
  try {
    // The dot inside needs search permission, as the process will.
    const found = await stat(`${cwd}/.`);
    if (!found.isDirectory()) throw notDirectory(cwd);
  } catch (error) {
    throw cwdFailure(cwd, error);
  }
}

function cwdFailure(cwd: string, error: unknown): unknown {
  switch (errorCode(error)) {
    case 'ENOENT':
      return new SpawnFailure({
        code: 'cwdMissing',
        message: `The working directory does not exist: ${cwd}`,
        hint: 'Correct `cwd`, or create the folder.',
      });
    case 'ENOTDIR':
      return notDirectory(cwd);
    case 'ELOOP':
      return new SpawnFailure({
        code: 'cwdMissing',
        message: `The working directory is a symbolic link that leads nowhere: ${cwd}`,
        hint: 'Correct `cwd` or the link.',
      });
    case 'EACCES':
    case 'EPERM':
      return new SpawnFailure({
        code: 'permissionDenied',
        message: `No permission to enter the working directory: ${cwd}`,
        hint: 'Check the permissions of the folder and of those above it.',
      });
    default:
      return error;
  }
}

function notDirectory(cwd: string): SpawnFailure {
  return new SpawnFailure({
    code: 'cwdMissing',
    message: `The working directory is not a folder: ${cwd}`,
    hint: 'Correct `cwd`.',
  });
}

/** A NUL ends a string for the system, so nothing that is passed on may hold one. Throws `SpawnFailure`. */
export function checkStrings({ program, cwd, args, env }: SpawnAttempt): void {
  const problem = (where: string): SpawnFailure =>
    new SpawnFailure({
      code: 'spawnFailed',
      message: `${where} contains a NUL character.`,
      hint: 'Remove it: no program can be given one.',
    });
  if (program.includes('\0')) throw problem('The command');
  if (cwd.includes('\0')) throw problem('The working directory');
  const argument = args.findIndex((arg) => arg.includes('\0'));
  if (argument >= 0) throw problem(`Argument ${argument + 1}`);
  for (const [name, value] of Object.entries(env)) {
    if (name.includes('\0') || value.includes('\0')) {
      throw problem(`The environment variable ${name.replaceAll('\0', '')}`);
    }
  }
}
