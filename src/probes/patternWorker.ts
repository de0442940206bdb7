import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import { toDisposable, type Disposable } from '../base/lifecycle';
import { PatternThread, type PatternAnswer, type PatternQuestion } from './patternThread';

export interface Pattern {
  readonly source: string;
  readonly flags: string;
}

export type PatternVerdict =
  { readonly kind: 'match' | 'noMatch' | 'disposed' } | { readonly kind: 'failed'; readonly why: string };

export interface PatternUser extends Disposable {
  /** Whether one of the lines matches. Never rejects. */
  test(lines: readonly string[]): Promise<PatternVerdict>;
}

/**
 * Deadlines of one batch in ms. A thread that merely got no processor looks like a pattern without end, so
 * an overrun is tried once more, with more patience, before the pattern is given up for good.
 */
const batchDeadlinesMs = [50, 250] as const;
const maxBatchLength = 16 * 1024;

type Answer = PatternVerdict | { readonly kind: 'overrun' };

/** Evaluates regular expressions off the main loop, one at a time; the thread exists only while somebody uses it. */
export class PatternWorker implements Disposable {
  private readonly users = new Set<object>();
  private queue: Promise<unknown> = Promise.resolve();
  private thread: Promise<PatternThread> | undefined;
  private disposed = false;

  constructor(private readonly clock: Clock) {}

  use(pattern: Pattern): PatternUser {
    const user = {};
    this.users.add(user);
    const release = toDisposable(() => {
      this.users.delete(user);
      if (this.users.size === 0) this.endThread();
    });
    return {
      test: (lines) => {
        const verdict = this.queue.then(() => this.testInBatches(user, pattern, lines));
        this.queue = verdict;
        return verdict;
      },
      dispose: () => release.dispose(),
    };
  }

  dispose(): void {
    this.disposed = true;
    this.users.clear();
    this.endThread();
  }

  private async testInBatches(user: object, pattern: Pattern, lines: readonly string[]): Promise<PatternVerdict> {
    for (const batch of batches(lines)) {
      if (this.disposed || !this.users.has(user)) return { kind: 'disposed' };
      const verdict = await this.testBatch(pattern, batch);
      if (verdict.kind !== 'noMatch') return verdict;
    }
    return { kind: 'noMatch' };
  }

  private async testBatch(pattern: Pattern, lines: readonly string[]): Promise<PatternVerdict> {
    for (const deadlineMs of batchDeadlinesMs) {
      const answer = await this.ask({ ...pattern, lines }, deadlineMs);
      if (answer.kind !== 'overrun') return answer;
      this.endThread();
    }
    return { kind: 'failed', why: `the pattern takes too long: /${pattern.source}/${pattern.flags}` };
  }

  private async ask(question: PatternQuestion, deadlineMs: number): Promise<Answer> {
    try {
      this.thread ??= PatternThread.start();
      const thread = await this.thread;
      const answer = await this.withDeadline(thread.ask(question), deadlineMs);
      // Ended by somebody else than the deadline below: out of memory, or nobody uses it any more.
      if (answer.kind !== 'ended') return answer;
      return { kind: this.users.size === 0 ? 'disposed' : 'overrun' };
    } catch (error) {
      this.thread = undefined;
      return { kind: 'failed', why: `patterns cannot be evaluated here: ${errorMessage(error)}` };
    }
  }

  private withDeadline(
    answer: Promise<PatternAnswer>,
    deadlineMs: number,
  ): Promise<PatternAnswer | { readonly kind: 'overrun' }> {
    return new Promise((resolve) => {
      // The answer may already wait behind a late timer of a busy loop: it gets one turn to come in.
      const timer = this.clock.setTimer(deadlineMs, () => void nextTurn().then(() => resolve({ kind: 'overrun' })));
      void answer.then((value) => {
        timer.dispose();
        resolve(value);
      });
    });
  }

  private endThread(): void {
    const ending = this.thread;
    this.thread = undefined;
    // A thread that could not start was reported to the one who asked for it.
    void ending?.then(
      (thread) => thread.end(),
      () => {},
    );
  }
}

function* batches(lines: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (batch.length > 0 && length + line.length > maxBatchLength) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(line);
    length += line.length;
  }
  if (batch.length > 0) yield batch;
}
