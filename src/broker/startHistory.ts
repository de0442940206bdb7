/** How long backends took to become ready, over the life of brokers; bounded, and never in the way of a start. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { atomicWrite } from '../platform/files/atomicWrite';
import type { HistoryPort } from './ports';

const keptPerBackend = 20;
const keptBackends = 500;
const writeDelayMs = 500;

export class StartHistory implements HistoryPort, Disposable {
  private readonly file: string;
  private readonly durations: Map<string, readonly number[]>;
  private pending: Disposable | undefined;

  constructor(
    stateDir: string,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.file = path.join(stateDir, 'history.json');
    this.durations = readHistory(this.file);
  }

  /** The median of past starts in ms. */
  typicalReadyMs(key: string): number | undefined {
    const sorted = [...(this.durations.get(idOf(key)) ?? [])].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  recordReady(key: string, readyAfterMs: number): void {
    const id = idOf(key);
    const kept = [...(this.durations.get(id) ?? []), Math.round(readyAfterMs)].slice(-keptPerBackend);
    // Re-inserted at the end: the backends longest unused are the first to be forgotten.
    this.durations.delete(id);
    this.durations.set(id, kept);
    for (const oldest of this.durations.keys()) {
      if (this.durations.size <= keptBackends) break;
      this.durations.delete(oldest);
    }
    this.pending ??= this.clock.setTimer(writeDelayMs, () => this.write());
  }

  dispose(): void {
    if (this.pending !== undefined) this.write();
  }

  private write(): void {
    this.pending?.dispose();
    this.pending = undefined;
    atomicWrite(this.file, JSON.stringify(Object.fromEntries(this.durations))).catch((error: unknown) => {
      this.logger.log('warn', `the history of starts could not be kept: ${errorMessage(error)}`);
    });
  }
}

/** Keys hold paths; the file holds none. */
function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** What cannot be understood is forgotten: it only makes an estimate. */
function readHistory(file: string): Map<string, readonly number[]> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(Object.entries(value).filter(isDurations));
  } catch {
    return new Map();
  }
}

function isDurations(entry: [string, unknown]): entry is [string, number[]] {
  return Array.isArray(entry[1]) && entry[1].every((item) => typeof item === 'number' && Number.isFinite(item));
}
