import { neverCancelled, type CancellationSignal } from '../../base/cancellation';
import type { Clock } from '../../base/clock';
import { DisposableStore } from '../../base/lifecycle';
import { osName } from '../os';
import { hostProcTable } from './hostProcTable';
import { launch, type Launched } from './launch';
import { identityOf, type ProcTable } from './procTable';
import { resolveCommand } from './resolveCommand';
import { markerVariable, newMarker } from './runMarker';
import { checkCwd, checkStrings } from './spawnChecks';
import { spawnProblem } from './spawnProblem';
import { stopRun } from './stopRun';
import type { ExitStatus, Run, RunMemory, SpawnProblem } from './types';
import { windowsInvocation } from './windowsCommand';

export interface CommandOptions {
  /** The command and all it started are killed at this deadline. */
  readonly timeoutMs: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** 128 bits in hex, when the caller has to know it before there is a process; default: a fresh one. */
  readonly marker?: string;
  /** Of what it started, texts of command lines that are left alone where they have left its session. */
  readonly keep?: readonly string[];
  /** Kept of stdout and stderr together, from the beginning; default 64 KiB. */
  readonly maxOutputBytes?: number;
  readonly clock: Clock;
  /** Nobody waits for the answer any more: the command and all it started are killed. */
  readonly signal?: CancellationSignal;
}

export type CommandResult =
  | { readonly kind: 'exited'; readonly status: ExitStatus; readonly output: string }
  | { readonly kind: 'timedOut'; readonly output: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly problem: SpawnProblem };

/** Children of a command that keep its output open after it has exited are ended after this. */
const stragglerMs = 100;
const defaultMaxOutputBytes = 64 * 1024;

/** Runs a short command to its end: own group, no input, bounded output. Never rejects, leaves nobody behind. */
export async function runCommand(
  argv: readonly string[],
  options: CommandOptions,
  table: ProcTable = hostProcTable(),
): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  const { cwd, env, signal = neverCancelled } = options;
  const attempt = { program, args, cwd, env };
  try {
    checkStrings(attempt);
    await checkCwd(cwd);
    const windows = osName() === 'windows';
    const file = await resolveCommand(program, { cwd, env, windows });
    if (signal.cancelled) return { kind: 'cancelled' };
    const marker = options.marker ?? newMarker();
    const child = launch({
      ...(windows ? windowsInvocation(file, args) : { file, args, argv0: program }),
      cwd,
      env: { ...env, [markerVariable]: marker },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !windows,
    });
    return await new CommandRun(child, marker, options, table).result();
  } catch (error) {
    return { kind: 'failed', problem: spawnProblem(error, attempt) };
  }
}

class CommandRun {
  private readonly chunks: Buffer[] = [];
  private readonly run: Run;
  private roomBytes: number;
  private exitStatus: ExitStatus | undefined;

  constructor(
    private readonly child: Launched,
    marker: string,
    private readonly options: CommandOptions,
    private readonly table: ProcTable,
  ) {
    this.roomBytes = options.maxOutputBytes ?? defaultMaxOutputBytes;
    const identity = child.pid === undefined ? undefined : identityOf(child.pid, table);
    const memory: RunMemory = { members: new Map() };
    const status = (): ExitStatus | undefined => this.exitStatus;
    this.run = {
      marker,
      identity: identity ?? { pid: 0, startTime: '', bootId: '', pidNamespace: '' },
      exited: child.exited,
      keep: options.keep ?? [],
      memory,
      get exitStatus() {
        return status();
      },
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.keep(chunk));
  }

  async result(): Promise<CommandResult> {
    await this.child.started;
    void this.child.exited.then((status) => (this.exitStatus = status));
    const ended = await this.within(this.options.timeoutMs, this.child.exited);
    const finished = ended && (await this.within(stragglerMs, this.child.closed));
    if (!finished) await this.killAll();
    if (!ended && this.options.signal?.cancelled === true) return { kind: 'cancelled' };
    const output = Buffer.concat(this.chunks).toString('utf8');
    return this.exitStatus && ended
      ? { kind: 'exited', status: this.exitStatus, output }
      : { kind: 'timedOut', output };
  }

  private async killAll(): Promise<void> {
    await stopRun(this.run, { signal: 'SIGKILL', graceMs: 0 }, this.options.clock, this.table);
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.destroy();
  }

  private keep(chunk: Buffer): void {
    if (this.roomBytes <= 0) return;
    this.chunks.push(chunk.subarray(0, this.roomBytes));
    this.roomBytes -= chunk.length;
  }

  /** Whether `promise` settled in time, and before nobody wanted to know any more. */
  private async within(durationMs: number, promise: Promise<unknown>): Promise<boolean> {
    const { clock, signal = neverCancelled } = this.options;
    const store = new DisposableStore();
    try {
      return await new Promise<boolean>((resolve) => {
        void promise.then(() => resolve(true));
        store.add(clock.setTimer(durationMs, () => resolve(false)));
        store.add(signal.onCancelled(() => resolve(false)));
      });
    } finally {
      store.dispose();
    }
  }
}
