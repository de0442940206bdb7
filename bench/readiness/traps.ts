/** What each waiter makes of servers that look ready and are not. The truth is a file the server writes before it answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hostileProgram } from '../../test/support/hostileProgram';
import type { TestWindow } from '../../test/support/testWindow';
import type { Waiter } from './peers';
import { hasOwnNetwork, openStranger, whileAllConnectFrom, type Stranger } from './strangers';
import { ourName } from './trial';

/**
 * `right`: not before the truth, or refused; `late`: gave up although it became true; `withdrawn`: told when it went away
 * again; `not told`: nobody was, and the server was down when "ready" stood; `n/a`: it does not read output.
 */
export type Verdict = 'right' | 'FALSE READY' | 'late' | 'crashes its host' | 'withdrawn' | 'not told' | 'n/a';

export interface TrapResult {
  readonly trap: string;
  readonly waiter: string;
  readonly verdict: Verdict;
}

interface Trap {
  /** Of `test/fixtures/programs/trickyServer.mjs`. */
  readonly program: string;
  readonly words: string;
  readonly becomesTrue: boolean;
  /** Somebody else answers there from the beginning. */
  readonly strangerOn?: string;
  /** Not before the server was started. */
  readonly strangerComesLater?: true;
  /** Asked for by this name; the default is 127.0.0.1. */
  readonly host?: 'localhost';
  /** Of ours, where it is not `/` with a status of 200 to 399. */
  readonly ready?: object;
  /** All connections are given the port of the server as their own; one waiter after the other. */
  readonly meetsItself?: true;
  /** What counts is whether it is told that the server went away again. */
  readonly goesAway?: true;
  /** Ready is a line of its output, which the run before has printed too. */
  readonly byOutput?: true;
}

const traps: readonly Trap[] = [
  { program: 'silent', words: 'a stranger holds the port', becomesTrue: false, strangerOn: '127.0.0.1' },
  { program: 'onlyV6', words: 'listens on ::1 only', becomesTrue: true, host: 'localhost' },
  {
    ...{ program: 'onlyV6', words: 'listens on ::1, a stranger on 127.0.0.1', becomesTrue: true, host: 'localhost' },
    ...{ strangerOn: '127.0.0.1', strangerComesLater: true },
  },
  { program: 'silent', words: 'a connection meets itself', becomesTrue: true, meetsItself: true, ready: { tcp: true } },
  { program: 'warmUp', words: '503 while it warms up', becomesTrue: true },
  { program: 'holdsAnswers', words: 'accepts, answers later', becomesTrue: true },
  { program: 'halfAnswer', words: 'half an answer at first', becomesTrue: true },
  { program: 'slowBytes', words: 'answers byte by byte', becomesTrue: true },
  {
    ...{ program: 'redirectLoop', words: 'redirects to itself for ever', becomesTrue: false },
    ready: { http: { path: '/', status: 200 } },
  },
  { program: 'nextPort', words: 'takes the next port', becomesTrue: false },
  { program: 'forks', words: 'its parent exits, a child serves', becomesTrue: true },
  { program: 'restartsItself', words: 'restarts itself once it is up', becomesTrue: true, goesAway: true },
  {
    ...{ program: 'printsOnce', words: 'its line is of the run before', becomesTrue: false, byOutput: true },
    ready: { log: 'READY TO SERVE' },
  },
];

const limitMs = 6_000;
const afterMs = 1_500;

/** `freePorts`: answers so many, and each with the next one free too. */
export async function runTraps(
  waiters: readonly Waiter[],
  window: TestWindow,
  scratch: string,
  freePorts: (count: number) => Promise<readonly number[]>,
): Promise<readonly TrapResult[]> {
  const results: TrapResult[] = [];
  for (const trap of traps) {
    if (trap.meetsItself === true && !hasOwnNetwork()) continue;
    const [ourPort = 0, ...ports] = await freePorts(waiters.length + 1);
    const trials: (() => Promise<Verdict>)[] = [
      () => ourVerdict(trap, window, ourPort, scratch),
      ...waiters.map((waiter, index) => () => peerVerdict(trap, waiter, ports[index] ?? 0, scratch)),
    ];
    const verdicts: Verdict[] = [];
    if (trap.meetsItself === true)
      for (const [index, trial] of trials.entries())
        verdicts.push(await whileAllConnectFrom([ourPort, ...ports][index] ?? 0, trial));
    else verdicts.push(...(await Promise.all(trials.map((trial) => trial()))));
    const names = [ourName, ...waiters.map(({ name }) => name)];
    for (const [index, verdict] of verdicts.entries())
      results.push({ trap: trap.words, waiter: names[index] ?? '', verdict });
  }
  return results;
}

function truthOf(trap: Trap, port: number, scratch: string): string {
  return join(scratch, `${trap.program}-${port}.truth`);
}

function strangerOf({ strangerOn }: Trap, port: number): Promise<Stranger> | undefined {
  return strangerOn === undefined ? undefined : openStranger(port, strangerOn);
}

async function peerVerdict(trap: Trap, waiter: Waiter, port: number, scratch: string): Promise<Verdict> {
  if (trap.byOutput === true) return 'n/a';
  const truth = truthOf(trap, port, scratch);
  let stranger = trap.strangerComesLater === true ? undefined : await strangerOf(trap, port);
  if ((await waiter.isTaken?.(port, trap.host)) === true) {
    stranger?.close();
    return trap.becomesTrue ? 'late' : 'right';
  }
  const [file = '', ...args] = hostileProgram('trickyServer.mjs', trap.program, truth, String(afterMs));
  const child = spawn(file, args, { stdio: 'ignore', env: { ...process.env, PORT: String(port) }, detached: true });
  const crash = nextCrash(waiter);
  try {
    stranger ??= await strangerOf(trap, port);
    const wait =
      trap.meetsItself === true && waiter.waitForPort !== undefined
        ? waiter.waitForPort(port, limitMs)
        : waiter.wait(port, limitMs, trap.host);
    const seen = await Promise.race([settled(wait), crash.seen]);
    if (seen === 'crashed') return 'crashes its host';
    if (trap.goesAway === true && seen) return 'not told';
    return judge(trap, seen, existsSync(truth));
  } finally {
    crash.dispose();
    stranger?.close();
    await endGroup(child);
  }
}

async function ourVerdict(trap: Trap, window: TestWindow, port: number, scratch: string): Promise<Verdict> {
  const truth = truthOf(trap, port, scratch);
  const name = `trap${port}`;
  let stranger = trap.strangerComesLater === true ? undefined : await strangerOf(trap, port);
  const command = hostileProgram('trickyServer.mjs', trap.program, truth, String(afterMs));
  const { ready = { http: '/' } } = trap;
  const place = trap.byOutput === true ? {} : { port, gateway: false };
  await window.declare({ [name]: { command, ...place, ready: { timeout: `${limitMs / 1_000}s`, ...ready } } });
  // The run before, whose line stands in the log.
  if (trap.byOutput === true) {
    await window.start(name);
    await window.stop(name);
  }
  const starting = settled(window.start(name));
  if (trap.strangerComesLater === true) {
    await window.waitFor(name, ({ pid }) => pid !== undefined);
    stranger = await strangerOf(trap, port);
  }
  const isReady = await starting;
  let verdict = judge(trap, isReady, existsSync(truth));
  if (trap.byOutput === true) verdict = isReady ? 'FALSE READY' : 'right';
  if (trap.goesAway === true && isReady) verdict = await withdrawal(window, name, truth);
  stranger?.close();
  await window.stop(name);
  return verdict;
}

/** Ready stood while it answered; that it went away and came back has to be told. */
async function withdrawal(window: TestWindow, name: string, truth: string): Promise<Verdict> {
  const told = await settled(window.waitFor(name, (view) => view.notAnswering !== undefined));
  if (!told) return 'not told';
  await window.waitFor(name, (view) => view.notAnswering === undefined);
  return existsSync(truth) ? 'withdrawn' : 'FALSE READY';
}

function settled(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  );
}

function judge(trap: Trap, ready: boolean, isTrue: boolean): Verdict {
  if (ready) return isTrue && trap.becomesTrue ? 'right' : 'FALSE READY';
  return trap.becomesTrue ? 'late' : 'right';
}

/** A waiter that throws in a handler of its own takes down whatever it runs in. */
function nextCrash({ packageName }: Waiter): { readonly seen: Promise<'crashed'>; dispose(): void } {
  let handler: (error: Error) => void = () => {};
  const seen = new Promise<'crashed'>((resolve) => {
    handler = (error) => {
      if (packageName !== undefined && error.stack?.includes(`/${packageName}/`) === true) resolve('crashed');
    };
  });
  process.on('uncaughtException', handler);
  return { seen, dispose: () => process.off('uncaughtException', handler) };
}

/** The whole group: one of the traps hands over to a child. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  for (const pid of [-child.pid, child.pid]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone.
    }
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
