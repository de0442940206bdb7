/** What each waiter makes of servers that look ready and are not. The truth is a file the server writes before it answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { hostileProgram } from '../../test/support/hostileProgram';
import type { TestWindow } from '../../test/support/testWindow';
import { ourName } from './trial';
import type { Waiter } from './peers';

/** `right`: not before the truth, or refused; `late`: gave up although it became true. */
export type Verdict = 'right' | 'FALSE READY' | 'late' | 'crashes its host';

export interface TrapResult {
  readonly trap: string;
  readonly waiter: string;
  readonly verdict: Verdict;
}

interface Trap {
  readonly name: string;
  readonly program: string;
  readonly words: string;
  readonly becomesTrue: boolean;
  readonly strangerFirst?: boolean;
}

const traps: readonly Trap[] = [
  { name: 'stranger', program: 'silent', words: 'a stranger holds the port', becomesTrue: false, strangerFirst: true },
  { name: 'warmUp', program: 'warmUp', words: '503 while it warms up', becomesTrue: true },
  { name: 'holdsAnswers', program: 'holdsAnswers', words: 'accepts, answers later', becomesTrue: true },
  { name: 'halfAnswer', program: 'halfAnswer', words: 'half an answer at first', becomesTrue: true },
  { name: 'slowBytes', program: 'slowBytes', words: 'answers byte by byte', becomesTrue: true },
  { name: 'nextPort', program: 'nextPort', words: 'takes the next port', becomesTrue: false },
  { name: 'forks', program: 'forks', words: 'its parent exits, a child serves', becomesTrue: true },
];

const limitMs = 6_000;
const afterMs = 1_500;

export async function runTraps(
  waiters: readonly Waiter[],
  window: TestWindow,
  scratch: string,
  firstPort: number,
): Promise<readonly TrapResult[]> {
  const results: TrapResult[] = [];
  let port = firstPort;
  for (const trap of traps) {
    const peersDone = waiters.map((waiter, index) => peerVerdict(trap, waiter, port + 2 * index, scratch));
    const ours = ourVerdict(trap, window, port + 2 * waiters.length, scratch);
    const verdicts = await Promise.all([ours, ...peersDone]);
    for (const [index, verdict] of verdicts.entries()) {
      const waiter = index === 0 ? ourName : (waiters[index - 1]?.name ?? '');
      results.push({ trap: trap.words, waiter, verdict });
    }
    port += 2 * waiters.length + 4;
  }
  return results;
}

async function peerVerdict(trap: Trap, waiter: Waiter, port: number, scratch: string): Promise<Verdict> {
  const truth = join(scratch, `${trap.name}-${port}.truth`);
  const stranger = trap.strangerFirst === true ? await openStranger(port) : undefined;
  if ((await waiter.isTaken?.(port)) === true) {
    stranger?.close();
    return 'right';
  }
  const [file = '', ...args] = hostileProgram('trickyServer.mjs', trap.program, truth, String(afterMs));
  const child = spawn(file, args, { stdio: 'ignore', env: { ...process.env, PORT: String(port) }, detached: true });
  const crash = nextCrash(waiter);
  try {
    const ready = waiter.wait(port, limitMs).then(
      () => true,
      () => false,
    );
    const seen = await Promise.race([ready, crash.seen]);
    if (seen === 'crashed') return 'crashes its host';
    return judge(trap, seen, existsSync(truth));
  } finally {
    crash.dispose();
    stranger?.close();
    await endGroup(child);
  }
}

async function ourVerdict(trap: Trap, window: TestWindow, port: number, scratch: string): Promise<Verdict> {
  const truth = join(scratch, `${trap.name}-${port}.truth`);
  const name = `trap-${trap.name}`;
  const stranger = trap.strangerFirst === true ? await openStranger(port) : undefined;
  const command = hostileProgram('trickyServer.mjs', trap.program, truth, String(afterMs));
  await window.declare({
    [name]: { command, port, gateway: false, ready: { http: '/', timeout: `${limitMs / 1_000}s` } },
  });
  const ready = await window.start(name).then(
    () => true,
    () => false,
  );
  const verdict = judge(trap, ready, existsSync(truth));
  stranger?.close();
  await window.stop(name);
  return verdict;
}

function judge(trap: Trap, ready: boolean, isTrue: boolean): Verdict {
  if (ready) return isTrue && trap.becomesTrue ? 'right' : 'FALSE READY';
  return trap.becomesTrue ? 'late' : 'right';
}

async function openStranger(port: number): Promise<{ close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
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
