import { createInterface } from 'node:readline';
import type { Clock } from '../../base/clock';
import { DisposableStore } from '../../base/lifecycle';
import { osName } from '../os';
import { definedEnvironment } from './environment';
import { hostProcTable } from './hostProcTable';
import { launch, type Launched } from './launch';
import { leashInvocation, leashLine, type LeashOrder, type LeashPlace } from './leashOrders';
import { toolPath } from './logPump';
import { identityOf } from './procTable';
import { sendSignal } from './signals';
import type { ProcessIdentity } from './types';

/** A running leash. It lives for as long as it has runs to hold, whatever becomes of us. */
export interface Leash {
  readonly pid: number;
  /** Resolves when it has answered; rejects when it ended before it did, or is silent for long. */
  send(order: LeashOrder): Promise<void>;
  /** Settles when it has ended. */
  readonly exited: Promise<void>;
  /** Lets go of it as if we had died: it ends what it still holds, and then itself. */
  release(): void;
  /** Ends it at once, without ending what it holds. */
  discard(): void;
}

/** It answers within a millisecond; one that is suspended must not keep backends from being started. */
const answerWithinMs = 3_000;
/** PowerShell takes its time. */
const readyWithinMs = 10_000;

/**
 * Starts a leash in a session of its own; resolves when it has said that it is ready. Rejects where it lacks a tool that it
 * needs to act: it would hold on to everything and end nothing.
 */
export async function startLeash(place: LeashPlace, clock: Clock, tools = toolPath()): Promise<Leash> {
  const windows = osName() === 'windows';
  const child = launch({
    ...leashInvocation(windows, place),
    cwd: windows ? 'C:\\' : '/',
    // Nothing of a run's environment: it must not be taken for a member of one.
    env: windows ? definedEnvironment(process.env) : { PATH: tools },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  child.unref();
  const leash = new RunningLeash(child, clock);
  const ready = leash.answered('ready', readyWithinMs);
  ready.catch(() => {});
  try {
    await child.started;
    await ready;
    return leash;
  } catch (error) {
    leash.discard();
    throw error;
  }
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class RunningLeash implements Leash {
  readonly pid: number;
  readonly exited: Promise<void>;
  private readonly waiting = new Map<string, Waiting>();
  private readonly identity: ProcessIdentity | undefined;
  private count = 0;
  private ended = false;

  constructor(
    private readonly child: Launched,
    private readonly clock: Clock,
  ) {
    this.pid = child.pid ?? 0;
    this.identity = identityOf(this.pid, hostProcTable());
    this.exited = child.exited.then(() => {
      this.ended = true;
    });
    // What it had to say comes first.
    void child.closed.then(() => this.fail('the leash has ended'));
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => this.heard(line));
  }

  send(order: LeashOrder): Promise<void> {
    if (this.ended) return Promise.reject(new Error('the leash has ended'));
    const number = String(++this.count);
    this.child.stdin?.write(`${number} ${leashLine(order)}\n`);
    return this.answered(number, answerWithinMs);
  }

  release(): void {
    this.child.stdin?.end();
  }

  discard(): void {
    if (this.identity !== undefined && !this.ended) sendSignal({ kind: 'group', identity: this.identity }, 'SIGKILL');
  }

  private heard(line: string): void {
    const [, missing] = /^missing: (.*)$/.exec(line) ?? [];
    if (missing === undefined) this.waiting.get(line)?.resolve();
    else this.fail(`not found: ${missing.replaceAll(' ', ', ')}`);
  }

  private fail(why: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(why));
  }

  /** Resolves with the line that says so. */
  async answered(line: string, withinMs: number): Promise<void> {
    const owned = new DisposableStore();
    try {
      await new Promise<void>((resolve, reject) => {
        this.waiting.set(line, { resolve, reject });
        owned.add(this.clock.setTimer(withinMs, () => reject(new Error('the leash does not answer'))));
      });
    } finally {
      this.waiting.delete(line);
      owned.dispose();
    }
  }
}
