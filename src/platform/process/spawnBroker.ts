import { closeSync } from 'node:fs';
import { openAppend } from '../files/openAppend';
import { osName } from '../os';
import { hostProcTable } from './hostProcTable';
import { launch } from './launch';
import { identityOf, type ProcTable } from './procTable';
import { markerVariable } from './runMarker';
import { spawnProblem } from './spawnProblem';
import type { ExitStatus, ProcessIdentity, SpawnProblem } from './types';

/**
 * A broker lives long and makes little garbage: 1 MB for young objects instead of 16, a heap that is kept small, one
 * helper thread instead of four. What it does it does rarely, and compiled code that was not used for a while is thrown
 * away otherwise. Node takes these on the command line, and so does an editor that runs as Node.
 */
const heapOptions = ['--max-semi-space-size=1', '--optimize-for-size', '--v8-pool-size=1', '--no-flush-bytecode'];

export interface BrokerSpec {
  /** Absolute path of the script. */
  readonly script: string;
  readonly args: readonly string[];
  /** Scrubbed by the caller of what the editor put there. */
  readonly env: Readonly<Record<string, string>>;
  /** Where its stdout and stderr go; absent: nowhere. */
  readonly outputFile?: string;
  /** Default: the program that runs this, which may be the editor. */
  readonly execPath?: string;
}

export type BrokerStart =
  | {
      readonly kind: 'started';
      readonly pid: number;
      readonly identity: ProcessIdentity | undefined;
      /** Settles if it exits while we live. */
      readonly exited: Promise<ExitStatus>;
    }
  | { readonly kind: 'failed'; readonly problem: SpawnProblem };

/** Starts a Node process of its own that outlives us: own session, root as its directory, nothing of ours open. */
export async function spawnBroker(spec: BrokerSpec, table: ProcTable = hostProcTable()): Promise<BrokerStart> {
  const program = spec.execPath ?? process.execPath;
  const args = [...heapOptions, spec.script, ...spec.args];
  const env = brokerEnvironment(spec.env);
  const cwd = osName() === 'windows' ? (env['SystemRoot'] ?? 'C:\\') : '/';
  let output: number | 'ignore' = 'ignore';
  try {
    if (spec.outputFile !== undefined) output = openAppend(spec.outputFile);
    const child = launch({ file: program, args, cwd, env, stdio: ['ignore', output, output], detached: true });
    const identity = child.pid === undefined ? undefined : identityOf(child.pid, table);
    child.unref();
    await child.started;
    return { kind: 'started', pid: child.pid ?? 0, identity, exited: child.exited };
  } catch (error) {
    return { kind: 'failed', problem: spawnProblem(error, { program, cwd, args, env }) };
  } finally {
    if (output !== 'ignore') closeSync(output);
  }
}

/** In a desktop editor the program is Electron; and an editor started inside a backend is no part of that run. */
function brokerEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(env).filter(([name]) => name !== markerVariable && name !== 'NODE_OPTIONS');
  return { ...Object.fromEntries(own), ELECTRON_RUN_AS_NODE: '1' };
}
