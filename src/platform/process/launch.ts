/** The only file that starts processes. The ChildProcess stays inside: its `kill` may hit a foreign pid after a failed spawn. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { errorMessage } from '../../base/errors';
import type { ExitStatus } from './types';

export interface LaunchRequest {
  readonly file: string;
  readonly args: readonly string[];
  /** What the program sees as its own name; default: `file`. */
  readonly argv0?: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: readonly (number | 'ignore' | 'pipe')[];
  /** Own session and process group. */
  readonly detached: boolean;
  /** Killed after this long; default: never. */
  readonly timeoutMs?: number;
  /** Windows: `args` are already quoted. */
  readonly verbatimArguments?: boolean;
}

export interface Launched {
  /** Undefined when the spawn failed; `started` tells why. */
  readonly pid: number | undefined;
  /** Resolves when the process exists; rejects with the system's error. */
  readonly started: Promise<void>;
  /** Settles when the process has exited, whoever still holds its output; never when it did not start. */
  readonly exited: Promise<ExitStatus>;
  /** Settles when it has exited and its piped output has ended. */
  readonly closed: Promise<void>;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** The event loop no longer waits for this process. */
  unref(): void;
}

export function launch(request: LaunchRequest): Launched {
  let child: ChildProcess;
  try {
    child = spawn(request.file, request.args, {
      cwd: request.cwd,
      env: request.env,
      stdio: [...request.stdio],
      detached: request.detached,
      shell: false,
      windowsHide: true,
      windowsVerbatimArguments: request.verbatimArguments ?? false,
      ...(request.timeoutMs === undefined ? {} : { timeout: request.timeoutMs, killSignal: 'SIGKILL' }),
      ...(request.argv0 === undefined ? {} : { argv0: request.argv0 }),
    });
  } catch (error) {
    return neverStarted(error);
  }
  // A broken pipe to the child is its own affair.
  child.stdin?.on('error', () => {});
  return {
    pid: child.pid,
    started: new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.on('error', reject);
    }),
    exited: new Promise<ExitStatus>((resolve) =>
      child.once('exit', (code, signal) => resolve(exitStatus(code, signal))),
    ),
    closed: new Promise<void>((resolve) => child.once('close', () => resolve())),
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    unref: () => child.unref(),
  };
}

/** A helper that hangs must not keep whoever waits for it waiting for ever. */
const helperTimeoutMs = 5_000;

/** Runs a small helper to its end, blocking: only for single looks of the process table where there is no /proc. */
export function outputOfSync(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): string | undefined {
  const result = spawnSync(file, args, {
    env,
    encoding: 'utf8',
    timeout: helperTimeoutMs,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return result.error ? undefined : result.stdout;
}

/** Runs a small helper and collects what it prints; undefined when it cannot be run, fails, or hangs. */
export async function outputOf(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  timeoutMs = helperTimeoutMs,
): Promise<string | undefined> {
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const child = launch({ file, args, cwd: '/', env, stdio, detached: false, timeoutMs });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  try {
    await child.started;
  } catch {
    return undefined;
  }
  if ((await child.exited).code !== 0) {
    // What it started may hold the pipe open for long.
    child.stdout?.destroy();
    return undefined;
  }
  await child.closed;
  return Buffer.concat(chunks).toString('utf8');
}

function exitStatus(code: number | null, signal: string | null): ExitStatus {
  return { ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) };
}

function neverStarted(error: unknown): Launched {
  const never = new Promise<never>(() => {});
  const started = Promise.reject(error instanceof Error ? error : new Error(errorMessage(error)));
  started.catch(() => {});
  const noStreams = { stdin: null, stdout: null, stderr: null };
  return { pid: undefined, started, exited: never, closed: never, ...noStreams, unref: () => {} };
}
