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

/** Runs a command as the leader of its own group, so that at its kill time all of it ends. */
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
  return { exitCode, timedOut: guard.timedOut(), output: Buffer.concat(chunks).toString('utf8') };
}

/** Ends the group at its kill time, and with us when a person presses Ctrl-C. */
function guardGroup(child: ChildProcess, killAfterMs: number): { timedOut: () => boolean; dispose: () => void } {
  let timedOut = false;
  let hardKill: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(child.pid, 'SIGTERM');
    hardKill = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), killGraceMs);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, killAfterMs);
  process.on('SIGINT', end).on('SIGTERM', end);
  return {
    timedOut: () => timedOut,
    dispose: () => {
      clearTimeout(timer);
      clearTimeout(hardKill);
      process.off('SIGINT', end).off('SIGTERM', end);
    },
  };
}
