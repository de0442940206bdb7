/** How long backends took to start, over the life of brokers; bounded, and never in the way of a start. */
import * as path from 'node:path';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { expectStart, type StartExpectation } from '../model/startExpectation';
import type { PastStarts } from '../model/snapshot';
import { atomicWrite } from '../platform/files/atomicWrite';
import type { HistoryPort } from './ports';
import { keptBackends, keptSayings, keptStarts, readStarts, writtenStarts } from './startHistoryFile';

const writeDelayMs = 500;
const none: PastStarts = { readyMs: [], failedMs: [] };

export class StartHistory implements HistoryPort, Disposable {
  private readonly file: string;
  private readonly starts: Map<string, PastStarts>;
  private readonly expected = new Map<string, StartExpectation | undefined>();
  /** Recorded here and not yet written. Another broker may have written of other backends meanwhile. */
  private readonly unwritten = new Set<string>();
  private pending: Disposable | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    stateDir: string,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.file = path.join(stateDir, 'history.json');
    this.starts = readStarts(this.file);
  }

  expectation(id: string): StartExpectation | undefined {
    if (!this.expected.has(id)) this.expected.set(id, this.expect(id));
    return this.expected.get(id);
  }

  pastStarts(id: string): PastStarts {
    return this.starts.get(id) ?? none;
  }

  record(id: string, outcome: 'ready' | 'failed', afterMs: number, saidSo?: boolean): void {
    const past = this.pastStarts(id);
    const added = Math.max(0, Math.round(afterMs));
    keep(this.starts, id, {
      readyMs: outcome === 'ready' ? [...past.readyMs, added].slice(-keptStarts) : past.readyMs,
      failedMs: outcome === 'failed' ? [...past.failedMs, added].slice(-keptStarts) : past.failedMs,
      saidSo: saidSo === undefined ? (past.saidSo ?? []) : [...(past.saidSo ?? []), saidSo].slice(-keptSayings),
    });
    this.expected.clear();
    this.unwritten.delete(id);
    this.unwritten.add(id);
    this.pending ??= this.clock.setTimer(writeDelayMs, () => this.write());
  }

  /** Resolves when all that was recorded is on disk. */
  flush(): Promise<void> {
    if (this.pending !== undefined) this.write();
    return this.writing;
  }

  dispose(): void {
    void this.flush();
  }

  private expect(id: string): StartExpectation | undefined {
    const { readyMs, saidSo } = this.pastStarts(id);
    return expectStart(readyMs, saidSo);
  }

  private write(): void {
    this.pending?.dispose();
    this.pending = undefined;
    const ids = [...this.unwritten];
    this.unwritten.clear();
    this.writing = this.writing
      .then(() => {
        const merged = readStarts(this.file);
        for (const id of ids) keep(merged, id, this.pastStarts(id));
        return atomicWrite(this.file, writtenStarts(merged));
      })
      .catch((error: unknown) => {
        this.logger.log('warn', `the history of starts could not be kept: ${errorMessage(error)}`);
      });
  }
}

/** Put at the end: the backends longest unused are the first to be forgotten. */
function keep(starts: Map<string, PastStarts>, id: string, past: PastStarts): void {
  starts.delete(id);
  starts.set(id, past);
  for (const oldest of starts.keys()) {
    if (starts.size <= keptBackends) break;
    starts.delete(oldest);
  }
}
