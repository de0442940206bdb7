/** Finds out, once in a while, whether a backend that is not reached listens somewhere else. */
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import { listeningWords, type ListeningPlace } from '../model/listeningWords';

export interface WhereItListensSubject {
  readonly clock: Clock;
  readonly port: number;
  /** Where the processes of the backend listen now. */
  readonly places: () => Promise<readonly ListeningPlace[]>;
  /** False while there is nothing to explain: it is reached. */
  readonly waits: () => boolean;
  /** Told when what is to be said has changed. */
  readonly changed: () => void;
}

const firstLookMs = 500;
const longestPauseMs = 4_000;

export class WhereItListens implements Disposable {
  private words: string | undefined;
  private timer: Disposable | undefined;
  private pauseMs = firstLookMs;
  private disposed = false;

  constructor(private readonly subject: WhereItListensSubject) {
    this.plan();
  }

  /** What a look saw, and where the backend listens instead. */
  explain(saw: string): string {
    return this.words === undefined ? saw : `${saw}; ${this.words}`;
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
  }

  private plan(): void {
    this.timer = this.subject.clock.setTimer(this.pauseMs, () => void this.look());
    this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2);
  }

  private async look(): Promise<void> {
    const { port, places, waits, changed } = this.subject;
    const before = this.words;
    // What cannot be seen explains nothing.
    const seen = waits() ? await places().catch(() => []) : [];
    if (this.disposed) return;
    this.words = listeningWords(seen, port);
    if (this.words !== before) changed();
    this.plan();
  }
}
