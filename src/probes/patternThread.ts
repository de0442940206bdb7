import { Worker } from 'node:worker_threads';
import { errorMessage } from '../base/errors';
import { patternWorkerSource } from './patternWorkerSource';

export interface PatternQuestion {
  readonly source: string;
  readonly flags: string;
  readonly lines: readonly string[];
}

export type PatternAnswer =
  | { readonly kind: 'match' }
  | { readonly kind: 'noMatch' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly why: string };

/** One thread that evaluates patterns; one question at a time. */
export class PatternThread {
  private settle: ((answer: PatternAnswer) => void) | undefined;

  private constructor(private readonly worker: Worker) {
    worker.unref();
    worker.on('message', (answer: PatternAnswer) => this.settle?.(answer));
    worker.on('error', (error) => this.settle?.({ kind: 'failed', why: errorMessage(error) }));
    worker.on('exit', () => this.settle?.({ kind: 'ended' }));
  }

  /** Resolves when the thread listens, so that its start does not count against a pattern. */
  static async start(): Promise<PatternThread> {
    const thread = new PatternThread(
      new Worker(patternWorkerSource, {
        eval: true,
        env: {},
        execArgv: [],
        name: 'local-backends-patterns',
        resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
      }),
    );
    const up = await thread.next();
    if (up.kind === 'failed') throw new Error(up.why);
    if (up.kind === 'ended') throw new Error('the thread ended at once');
    return thread;
  }

  ask(question: PatternQuestion): Promise<PatternAnswer> {
    const answer = this.next();
    this.worker.postMessage(question);
    return answer;
  }

  end(): void {
    void this.worker.terminate();
  }

  private next(): Promise<PatternAnswer> {
    return new Promise((resolve) => {
      this.settle = resolve;
    });
  }
}
