import { closeSync, constants, fstatSync, openSync, rmSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorMessage } from '../../base/errors';
import { openAppend } from '../files/openAppend';
import { osName } from '../os';
import { launch } from './launch';
import { startLogPump, toolPath } from './logPump';
import { SpawnFailure } from './spawnProblem';
import type { ReadyFile } from './types';

/** What a backend gets as its descriptors 0 to 2. */
export interface BackendStdio {
  readonly stdin: number | 'pipe';
  /** Both stdout and stderr. */
  readonly output: number;
  /** From 3 on. */
  readonly more: readonly (number | 'ignore')[];
  /** Undefined where output goes straight to the file. */
  readonly pumpPid: number | undefined;
  /** Closes our own copies; to be called as soon as the backend has its own. */
  close(): void;
}

/**
 * Input that never ends and output that goes to the file without passing through this process.
 * Both are FIFOs without a name: whatever dies, nothing of them is left. Throws when the log cannot be written.
 */
export async function openBackendStdio(logFile: string, marker: string, ready?: ReadyFile): Promise<BackendStdio> {
  const log = openLogFile(logFile);
  const fds = [log];
  const close = (): void => {
    for (const fd of fds.splice(0)) closeSync(fd);
  };
  try {
    const more = ready === undefined ? [] : openReadyFile(ready, fds);
    const fifos = osName() === 'windows' ? undefined : await openFifos(dirname(logFile), marker, fds);
    if (!fifos) return { stdin: 'pipe', output: log, more, pumpPid: undefined, close };
    const pumpPid = await startLogPump(logFile, fifos.pumpEnd, marker);
    return { stdin: fifos.stdin, output: fifos.backendEnd, more, pumpPid, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Appends to a private, regular file of our own and to nothing a link leads to. */
function openLogFile(path: string): number {
  let fd: number;
  try {
    fd = openAppend(path);
  } catch (error) {
    throw logFailure(path, errorMessage(error));
  }
  const found = fstatSync(fd);
  const foreign = process.getuid !== undefined && found.uid !== process.getuid();
  if (!found.isFile() || found.nlink !== 1 || foreign) {
    closeSync(fd);
    throw logFailure(path, 'it is not a private file of this user');
  }
  return fd;
}

/**
 * A file and no pipe: whoever dies, writing to it never fails, and the next broker finds what was said. What a process of an
 * earlier run still writes goes to that run's file, which has lost its name.
 */
function openReadyFile({ fd, path }: ReadyFile, fds: number[]): (number | 'ignore')[] {
  try {
    rmSync(path, { force: true });
    const opened = openAppend(path);
    fds.push(opened);
    return [...Array.from({ length: fd - 3 }, () => 'ignore' as const), opened];
  } catch (error) {
    throw new SpawnFailure({
      code: 'spawnFailed',
      message: `The file behind descriptor ${fd} cannot be made: ${path}: ${errorMessage(error)}`,
      hint: 'Check the folder of the logs, its permissions and the space left.',
    });
  }
}

function logFailure(path: string, why: string): SpawnFailure {
  return new SpawnFailure({
    code: 'spawnFailed',
    message: `The log file cannot be written: ${path}: ${why}`,
    hint: 'Check the folder of the logs, its permissions and the space left.',
  });
}

interface Fifos {
  readonly stdin: number;
  readonly pumpEnd: number;
  readonly backendEnd: number;
}

/** Undefined where there is no `mkfifo`, or a file system that has no FIFOs. */
async function openFifos(folder: string, marker: string, fds: number[]): Promise<Fifos | undefined> {
  const input = join(folder, `.${marker}.in`);
  const output = join(folder, `.${marker}.out`);
  if (!(await makeFifos([input, output]))) {
    for (const path of [input, output]) rmSync(path, { force: true });
    return undefined;
  }
  const open = (path: string, flags: number): number => {
    const fd = openSync(path, flags);
    fds.push(fd);
    return fd;
  };
  try {
    // Opened for both, a FIFO has a writer for as long as its reader lives: reading it never meets the end.
    const stdin = open(input, constants.O_RDWR);
    // Held open for both while the two ends are opened, so that neither open waits for the other.
    const hold = openSync(output, constants.O_RDWR);
    try {
      return { stdin, pumpEnd: open(output, constants.O_RDONLY), backendEnd: open(output, constants.O_WRONLY) };
    } finally {
      closeSync(hold);
    }
  } finally {
    unlinkSync(input);
    unlinkSync(output);
  }
}

async function makeFifos(paths: readonly string[]): Promise<boolean> {
  const maker = launch({
    file: 'mkfifo',
    args: ['-m', '600', ...paths],
    cwd: '/',
    env: { PATH: toolPath() },
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: false,
  });
  try {
    await maker.started;
  } catch {
    return false;
  }
  return (await maker.exited).code === 0;
}
