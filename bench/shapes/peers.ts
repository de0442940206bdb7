/** What programs do that have no broker: their own code from npm, or what they do with a child. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { graceMs, type Way } from '../../test/integration/shapes/way';

type TreeKill = (pid: number, signal: NodeJS.Signals, done: (error?: Error) => void) => void;
type Signal = (child: ChildProcess, signal: NodeJS.Signals) => void | Promise<void>;

/** One signal, the grace for the child to end, then `SIGKILL`: as those who use these do. */
export function peers(packages: string): readonly Way[] {
  const treeKill = createRequire(join(packages, 'package.json'))('tree-kill') as TreeKill;
  return [
    peer('child.kill', false, (child, signal) => void child.kill(signal)),
    peer('tree-kill', false, ({ pid = 0 }, signal) => new Promise((resolve) => treeKill(pid, signal, () => resolve()))),
    peer('group kill', true, ({ pid = 0 }, signal) => killGroup(pid, signal)),
  ];
}

function peer(name: string, detached: boolean, signal: Signal): Way {
  return {
    name,
    start: async ({ argv: [program = '', ...args], cwd, env }) => {
      const child = spawn(program, args, { cwd, env, detached, stdio: 'ignore' });
      const exited = once(child, 'exit');
      await once(child, 'spawn');
      return {
        stop: async () => {
          const graceOver = new AbortController();
          await signal(child, 'SIGTERM');
          await Promise.race([exited, sleep(graceMs, undefined, graceOver)]);
          if (child.exitCode === null && child.signalCode === null) await signal(child, 'SIGKILL');
          await exited;
          graceOver.abort();
        },
      };
    },
  };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 1) process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}
