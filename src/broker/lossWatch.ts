/**
 * Notices that a backend which just became ready no longer listens: servers restart themselves when they read their
 * configuration again. One timer for all, for the first seconds of each; the kernel's count of sockets tells when a
 * look at the table is worth it.
 */
import type { Clock } from '../base/clock';
import { toDisposable, type Disposable } from '../base/lifecycle';
import type { SocketCount } from '../platform/net/socketCount';
import type { Listener } from '../platform/net/types';

export interface LossSubject {
  readonly port: number;
  /** Watched until this time of the monotonic clock. */
  readonly untilMs: number;
  /** Told once. */
  readonly lost: () => void;
}

export interface LossWatchSources {
  readonly clock: Clock;
  readonly openCount: () => SocketCount;
  /** Undefined where it cannot be read. */
  readonly listeners: () => Promise<readonly Listener[] | undefined>;
}

const periodMs = 50;

export class LossWatch {
  /** With whether it was seen listening: one that cannot be seen is not missed. */
  private readonly subjects = new Map<LossSubject, boolean>();
  private readonly clock: Clock;
  private count: SocketCount | undefined;
  private lastCount: string | undefined;
  private timer: Disposable | undefined;
  private reading = false;

  constructor(private readonly sources: LossWatchSources) {
    this.clock = sources.clock;
  }

  add(subject: LossSubject): Disposable {
    this.subjects.set(subject, false);
    // The next look is at the table, whatever the count says. Not now: whoever waits for the backend is told first.
    this.lastCount = undefined;
    this.timer ??= this.clock.setTimer(periodMs, () => this.tick());
    return toDisposable(() => {
      this.subjects.delete(subject);
      if (this.subjects.size === 0) this.rest();
    });
  }

  private rest(): void {
    this.timer?.dispose();
    this.timer = undefined;
    this.count?.dispose();
    this.count = undefined;
    this.lastCount = undefined;
  }

  private tick(): void {
    this.timer = undefined;
    this.dropOld();
    if (this.subjects.size === 0) return;
    this.count ??= this.sources.openCount();
    const count = this.count.read();
    // Without a count each look would be dear.
    if (count === undefined) {
      this.subjects.clear();
      this.rest();
      return;
    }
    this.timer = this.clock.setTimer(periodMs, () => this.tick());
    if (count === this.lastCount || this.reading) return;
    this.lastCount = count;
    void this.readTable();
  }

  private dropOld(): void {
    const nowMs = this.clock.nowMs();
    for (const subject of this.subjects.keys()) if (nowMs >= subject.untilMs) this.subjects.delete(subject);
    if (this.subjects.size === 0) this.rest();
  }

  private async readTable(): Promise<void> {
    this.reading = true;
    const asked = [...this.subjects.keys()];
    const listeners = await this.sources.listeners().catch(() => undefined);
    this.reading = false;
    if (listeners === undefined) return;
    const ports = new Set(listeners.map((listener) => listener.port));
    for (const subject of asked) {
      const wasSeen = this.subjects.get(subject);
      if (wasSeen === undefined) continue;
      if (ports.has(subject.port)) this.subjects.set(subject, true);
      else if (wasSeen) {
        this.subjects.delete(subject);
        subject.lost();
      }
    }
    if (this.subjects.size === 0) this.rest();
  }
}
