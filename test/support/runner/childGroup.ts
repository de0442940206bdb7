import { spawn, type ChildProcess } from 'node:child_process';

export interface ChildGroupOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly killAfterMs: number;
  /** `inherit` shows the output as it comes; `capture` keeps it. */
  readonly output: 'inherit' | 'capture';
}

export interface ChildGroupResult {
  /** Undefined when it was ended by a signal or could not be started. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  readonly output: string;
}

const killGraceMs = 5_000;

/** Signals a whole group; a group that is already gone is fine. */
export function signalGroup(leaderPid: number | undefined, signal: NodeJS.Signals): void {
  if (leaderPid === undefined || leaderPid <= 1) return;
  try {
    process.kill(-leaderPid, signal);
  } catch {
    // ESRCH: nothing is left of it.
  }
}

/** Runs a command as the leader of its own group, so that at its kill time all of it ends. Throws when we are interrupted. */
export async function runChildGroup(
  command: string,
  args: readonly string[],
  options: ChildGroupOptions,
): Promise<ChildGroupResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: process.platform !== 'win32',
    stdio: [
      'ignore',
      options.output === 'inherit' ? 'inherit' : 'pipe',
      options.output === 'inherit' ? 'inherit' : 'pipe',
    ],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const guard = guardGroup(child, options.killAfterMs);
  const exitCode = await new Promise<number | undefined>((resolve) => {
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${command}: ${error.message}\n`));
      resolve(undefined);
    });
    child.once('close', (code) => resolve(code ?? undefined));
  });
  guard.dispose();
  if (guard.interrupted()) throw new Error('interrupted');
  return { exitCode, timedOut: guard.timedOut(), output: Buffer.concat(chunks).toString('utf8') };
}

interface GroupGuard {
  readonly timedOut: () => boolean;
  readonly interrupted: () => boolean;
  readonly dispose: () => void;
}

/** Ends the group at its kill time, and with us when a person presses Ctrl-C. */
function guardGroup(child: ChildProcess, killAfterMs: number): GroupGuard {
  let timedOut = false;
  let interrupted = false;
  let hardKill: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(child.pid, 'SIGTERM');
    hardKill = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), killGraceMs);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, killAfterMs);
  const interrupt = (): void => {
    interrupted = true;
    end();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return {
    timedOut: () => timedOut,
    interrupted: () => interrupted,
    dispose: () => {
      clearTimeout(timer);
      clearTimeout(hardKill);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    },
  };
}
