import { StringDecoder } from 'node:string_decoder';
import type { Disposable } from '../base/lifecycle';
import type { LogProbeDefinition } from '../model/backendDefinition';
import { LineReader } from './lineReader';
import type { PatternUser, PatternWorker } from './patternWorker';

/** Lines kept while the worker is busy; beyond it the oldest are dropped, the newest are what matters. */
const maxPendingLines = 2_000;

/**
 * Looks for a text or pattern in the output of one run. Once found it stays found, and nothing is looked at
 * any more. Regular expressions come from a file and may never end: they run in a worker with a deadline.
 */
export class LogMatcher implements Disposable {
  private readonly decoder = new StringDecoder('utf8');
  private readonly lines = new LineReader();
  private readonly user: PatternUser | undefined;
  private pending: string[] = [];
  private openLine = '';
  private evaluating = false;
  private found = false;
  private trouble: string | undefined;

  constructor(
    private readonly definition: LogProbeDefinition,
    patterns: PatternWorker,
    private readonly onMatch: () => void,
  ) {
    const flags = definition.regexFlags;
    this.user = flags === undefined ? undefined : patterns.use({ source: definition.pattern, flags });
  }

  get satisfied(): boolean {
    return this.found;
  }

  /** Why this can never be satisfied, in words. */
  get problem(): string | undefined {
    return this.trouble;
  }

  feed(chunk: string | Uint8Array): void {
    if (this.found || this.trouble !== undefined) return;
    const text = typeof chunk === 'string' ? chunk : this.decoder.write(Buffer.from(chunk));
    const { complete, open } = this.lines.read(text);
    if (!this.user) {
      if ([...complete, open].some((line) => line.includes(this.definition.pattern))) this.succeed();
      return;
    }
    for (const line of complete) this.pending.push(line);
    if (this.pending.length > maxPendingLines) this.pending = this.pending.slice(-maxPendingLines);
    this.openLine = open;
    void this.evaluate(this.user);
  }

  dispose(): void {
    this.user?.dispose();
  }

  /** One batch at a time; what comes meanwhile makes the next one. */
  private async evaluate(user: PatternUser): Promise<void> {
    if (this.evaluating) return;
    this.evaluating = true;
    while (!this.found && this.trouble === undefined && (this.pending.length > 0 || this.openLine !== '')) {
      const batch = this.openLine === '' ? this.pending : [...this.pending, this.openLine];
      this.pending = [];
      this.openLine = '';
      const verdict = await user.test(batch);
      if (verdict.kind === 'match') this.succeed();
      else if (verdict.kind === 'failed') this.fail(verdict.why);
      else if (verdict.kind === 'disposed') break;
    }
    this.evaluating = false;
  }

  private succeed(): void {
    this.found = true;
    this.release();
    this.onMatch();
  }

  private fail(why: string): void {
    this.trouble = why;
    this.release();
  }

  private release(): void {
    this.pending = [];
    this.openLine = '';
    this.user?.dispose();
  }
}
