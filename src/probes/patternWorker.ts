import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import { toDisposable, type Disposable } from '../base/lifecycle';
import { patternWorkerSource } from './patternWorkerSource';

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
  private worker: Promise<Worker> | undefined;
  private disposed = false;

  constructor(private readonly clock: Clock) {}

  use(pattern: Pattern): PatternUser {
    const user = {};
    this.users.add(user);
    const release = toDisposable(() => {
      this.users.delete(user);
      if (this.users.size === 0) this.endWorker();
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
    this.endWorker();
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
      this.endWorker();
    }
    return { kind: 'failed', why: `the pattern takes too long: /${pattern.source}/${pattern.flags}` };
  }

  private async ask(message: Pattern & { readonly lines: readonly string[] }, deadlineMs: number): Promise<Answer> {
    let worker: Worker;
    try {
      this.worker ??= startWorker();
      worker = await this.worker;
    } catch (error) {
      this.worker = undefined;
      return { kind: 'failed', why: `patterns cannot be evaluated here: ${errorMessage(error)}` };
    }
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        timer.dispose();
        worker.removeAllListeners();
        // A thread that dies between two batches is noticed by the next one.
        worker.on('error', () => {});
        resolve(answer);
      };
      // The answer may already wait behind a late timer of a busy loop: it gets one turn to come in.
      const timer = this.clock.setTimer(deadlineMs, () => void nextTurn().then(() => settle({ kind: 'overrun' })));
      worker.on('message', (verdict: PatternVerdict) => settle(verdict));
      worker.on('error', (error) => settle({ kind: 'failed', why: errorMessage(error) }));
      worker.on('exit', () => settle({ kind: this.disposed || this.users.size === 0 ? 'disposed' : 'overrun' }));
      worker.postMessage(message);
    });
  }

  private endWorker(): void {
    const ending = this.worker;
    this.worker = undefined;
    void ending?.then((worker) => worker.terminate()).catch(() => {});
  }
}

/** Resolves when the thread listens, so that its start does not count against a pattern. */
function startWorker(): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(patternWorkerSource, {
      eval: true,
      env: {},
      execArgv: [],
      name: 'local-backends-patterns',
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread ended at once')));
    worker.once('message', () => {
      worker.removeAllListeners();
      worker.on('error', () => {});
      resolve(worker);
    });
  });
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
