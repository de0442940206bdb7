import { errorMessage } from '../../base/errors';
import { osName } from '../os';
import { openBackendStdio, type BackendStdio } from './backendStdio';
import { makeGroup, removeGroup } from './controlGroup';
import { variable } from './environment';
import { hostProcTable } from './hostProcTable';
import { insideGroup, type Prepared } from './insideGroup';
import { launch } from './launch';
import { identityOf, type ProcTable } from './procTable';
import { resolveCommand } from './resolveCommand';
import { markerVariable, newMarker } from './runMarker';
import { shellInvocation, type Invocation } from './shellCommand';
import { checkCwd, checkStrings } from './spawnChecks';
import { socketFor, withListenPid, withSocketFirst } from './socketActivation';
import { SpawnFailure, spawnProblem, type SpawnAttempt } from './spawnProblem';
import type { ExitStatus, ProcessIdentity, Run, RunMemory, RunSpec, SpawnResult } from './types';
import { windowsInvocation } from './windowsCommand';

/**
 * The one place that spawns backends. Resolves to a run only when the process really exists; everything that can go
 * wrong before is a `SpawnProblem`, never an exception.
 */
export async function spawnBackend(spec: RunSpec, table: ProcTable = hostProcTable()): Promise<SpawnResult> {
  const attempt = attemptOf(spec);
  try {
    checkStrings(attempt);
    await checkCwd(spec.cwd);
    const invocation = await invocationOf(spec);
    const marker = spec.marker ?? newMarker();
    const prepared = prepare(spec, invocation, marker);
    const stdio = await openBackendStdio(spec.logFile, marker, spec.readyFile);
    return { kind: 'spawned', run: await start(spec, prepared, marker, stdio, table) };
  } catch (error) {
    if (spec.group !== undefined) removeGroup(spec.group);
    return { kind: 'failed', problem: spawnProblem(error, attempt) };
  }
}

function attemptOf({ command, cwd, env }: RunSpec): SpawnAttempt {
  if (typeof command === 'string') return { program: '/bin/sh', args: [command], cwd, env };
  return { program: command[0] ?? '', args: command.slice(1), cwd, env };
}

async function invocationOf({ command, cwd, env }: RunSpec): Promise<Invocation> {
  const windows = osName() === 'windows';
  const shell = windows ? variable(env, 'ComSpec', true) : undefined;
  if (typeof command === 'string') return shellInvocation(command, windows, shell);
  const [program = '', ...args] = command;
  const file = await resolveCommand(program, { cwd, env, windows });
  // The program still sees the name that was written: some find their own files by it.
  return windows ? windowsInvocation(file, args, shell) : { file, args, argv0: program };
}

function prepare({ env, listenOn, group }: RunSpec, invocation: Invocation, marker: string): Prepared {
  const marked = { ...env, [markerVariable]: marker };
  const handed = listenOn === undefined ? invocation : withListenPid(invocation);
  return group === undefined ? { ...handed, env: marked } : insideGroup(handed, marked, group);
}

async function start(
  spec: RunSpec,
  prepared: Prepared,
  marker: string,
  stdio: BackendStdio,
  table: ProcTable,
): Promise<Run> {
  const socket = spec.listenOn === undefined ? undefined : await socketFor(spec.listenOn).catch(closing(stdio));
  if (spec.group !== undefined) enterable(spec.group, stdio);
  const child = launch({
    ...prepared,
    cwd: spec.cwd,
    stdio: [stdio.stdin, stdio.output, stdio.output, ...withSocketFirst(stdio.more, socket)],
    // On Windows a detached child would escape the job that ends it together with us.
    detached: osName() !== 'windows',
  });
  // In the same tick: even a process that has already exited is still there, as a zombie.
  const identity = child.pid === undefined ? undefined : identityOf(child.pid, table);
  socket?.dispose();
  stdio.close();
  await child.started;
  return new StartedRun(marker, identity ?? unknownIdentity(child.pid), child.exited, spec);
}

function enterable(group: string, stdio: BackendStdio): void {
  try {
    makeGroup(group);
  } catch (error) {
    stdio.close();
    throw new SpawnFailure({
      code: 'spawnFailed',
      message: `The control group that "stop.strict" asks for cannot be made: ${errorMessage(error)}`,
    });
  }
}

function closing(stdio: BackendStdio): (error: unknown) => never {
  return (error) => {
    stdio.close();
    throw error;
  };
}

/** Without a start time nothing counts as ours: such a run can be watched, but never signalled. */
function unknownIdentity(pid: number | undefined): ProcessIdentity {
  if (pid === undefined) throw new SpawnFailure({ code: 'spawnFailed', message: 'The process has no id.' });
  return { pid, startTime: '', bootId: '', pidNamespace: '' };
}

class StartedRun implements Run {
  readonly memory: RunMemory = { members: new Map() };
  readonly keep: readonly string[];
  readonly group?: string;
  exitStatus: ExitStatus | undefined;

  constructor(
    readonly marker: string,
    readonly identity: ProcessIdentity,
    readonly exited: Promise<ExitStatus>,
    { keep, group }: RunSpec,
  ) {
    this.keep = keep ?? [];
    if (group !== undefined) this.group = group;
    void exited.then((status) => (this.exitStatus = status));
  }
}
