/**
 * Finds out, once in a while, whether a backend that is not reached listens somewhere else. Behind a gateway it is
 * looked for there from then on.
 */
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import { listeningWords, type ListeningPlace } from '../model/listeningWords';
import { adoptAfterMs, takenPort } from '../model/takenPort';

/** What a port may be adopted by. */
export interface Adopting {
  readonly publicPort: number | undefined;
  /** The one that was adopted at its last start. */
  readonly tookBefore: number | undefined;
  /** The last lines that it printed. */
  readonly printed: () => Promise<readonly string[]>;
  readonly adopt: (port: number) => void;
}

export interface WhereItListensSubject {
  readonly clock: Clock;
  /** As it was given. */
  readonly port: number;
  /** Where the processes of the backend listen now. */
  readonly places: () => Promise<readonly ListeningPlace[]>;
  /** Whether anything on this machine may have begun or ceased to listen since it was asked last. */
  readonly moved: () => boolean;
  /** False while there is nothing to explain: it is reached. */
  readonly waits: () => boolean;
  /** Told when what is to be said has changed. */
  readonly changed: () => void;
  /** Given where nobody but us has to know the port. */
  readonly adopting?: Adopting;
}

const firstLookMs = 500;
const longestPauseMs = 4_000;

export class WhereItListens implements Disposable {
  private words: string | undefined;
  private timer: Disposable | undefined;
  private pauseMs = firstLookMs;
  private disposed = false;
  /** What it was asked for at the last look. */
  private waited = false;
  private candidate: { readonly port: number; readonly sinceMs: number } | undefined;
  private adopted: number | undefined;

  constructor(private readonly subject: WhereItListensSubject) {
    this.plan(this.nextPauseMs());
  }

  /** What a look saw, and where the backend listens instead. */
  explain(saw: string): string {
    return this.words === undefined ? saw : `${saw}; ${this.words}`;
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
  }

  private nextPauseMs(): number {
    const pauseMs = this.pauseMs;
    this.pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    return pauseMs;
  }

  private plan(delayMs: number): void {
    this.timer = this.subject.clock.setTimer(delayMs, () => void this.look());
  }

  private async look(): Promise<void> {
    const { port, places, waits, changed, moved } = this.subject;
    const before = this.words;
    const nothingNew = !moved() && waits() && this.waited && this.candidate === undefined;
    this.waited = waits();
    if (nothingNew) {
      this.plan(this.nextPauseMs());
      return;
    }
    // What cannot be seen explains nothing.
    const seen = waits() ? await places().catch(() => []) : [];
    const { soonerMs, words } = await this.judge(seen);
    if (this.disposed) return;
    this.words = words ?? listeningWords(seen, this.adopted ?? port);
    if (this.words !== before) changed();
    this.plan(Math.min(soonerMs, this.nextPauseMs()));
  }

  /** `soonerMs`: when a look could decide. */
  private async judge(places: readonly ListeningPlace[]): Promise<{ soonerMs: number; words?: string }> {
    const { port: given, adopting, clock } = this.subject;
    const later = { soonerMs: Infinity };
    if (adopting === undefined) return later;
    if (this.adopted !== undefined && this.adopted !== given && places.some(({ port }) => port === given)) {
      this.adopt(given);
      return later;
    }
    const printed = places.length === 0 ? [] : await adopting.printed().catch(() => []);
    const taken = takenPort({ places, given, publicPort: adopting.publicPort, printed });
    if (taken.kind !== 'one') this.candidate = undefined;
    if (taken.kind === 'several')
      return { ...later, words: `${listeningWords(places, given) ?? ''}; which of them is meant cannot be told` };
    if (taken.kind === 'none' || taken.port === this.adopted) return later;
    const nowMs = clock.nowMs();
    if (this.candidate?.port !== taken.port) this.candidate = { port: taken.port, sinceMs: nowMs };
    const dueMs = this.candidate.sinceMs + adoptAfterMs(taken.printed, taken.port === adopting.tookBefore);
    if (nowMs < dueMs) return { soonerMs: dueMs - nowMs };
    this.adopt(taken.port);
    return later;
  }

  private adopt(port: number): void {
    if (this.disposed) return;
    this.candidate = undefined;
    this.adopted = port;
    this.subject.adopting?.adopt(port);
  }
}
