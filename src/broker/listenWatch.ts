/**
 * Notices that a starting backend listens, and that one which just became ready no longer does: one timer for all of
 * them, which looks at the kernel's count of sockets and goes further only when that has moved. No timer runs while
 * nobody waits.
 */
import type { Clock } from '../base/clock';
import { toDisposable, type Disposable } from '../base/lifecycle';
import { blindGatePeriodMs, gatePeriodMs, ListenGate } from '../model/listenGate';
import type { SocketCount } from '../platform/net/socketCount';
import type { Listener } from '../platform/net/types';

export interface ListenSubject {
  /** Where it is expected to listen. */
  readonly port: number;
  /** Begin of the wait on the monotonic clock. */
  readonly startedMs: number;
  /** False while a new listener would be no news. */
  readonly waits: () => boolean;
  readonly look: (reason: string) => void;
}

export interface ListenWatchSources {
  readonly clock: Clock;
  readonly openCount: () => SocketCount;
  /** Undefined where it cannot be read. */
  readonly listeners: () => Promise<readonly Listener[] | undefined>;
}

/** What a probe of one backend takes of a core, for the governor; measured, rounded up. */
const probeCostMs = 0.3;
const nobodyWaitsPeriodMs = 100;

export class ListenWatch {
  private readonly subjects = new Set<ListenSubject>();
  private gate = new ListenGate();
  private count: SocketCount | undefined;
  private isBlind = false;
  private timer: Disposable | undefined;

  constructor(private readonly sources: ListenWatchSources) {}

  add(subject: ListenSubject): Disposable {
    this.subjects.add(subject);
    // A fresh start changes faster than those that wait for long: it sets the pace at once.
    this.plan();
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
    this.gate = new ListenGate();
  }

  private plan(): void {
    this.timer?.dispose();
    this.open();
    const waiting = this.waiting();
    const ageMs = this.youngestAgeMs(waiting);
    const periodMs = this.isBlind ? blindGatePeriodMs(ageMs) : gatePeriodMs(ageMs);
    this.timer = this.sources.clock.setTimer(waiting.length === 0 ? nobodyWaitsPeriodMs : periodMs, () => this.tick());
  }

  private open(): void {
    if (this.count !== undefined) return;
    this.count = this.sources.openCount();
    this.isBlind = this.count.read() === undefined;
  }

  private tick(): void {
    const waiting = this.waiting();
    const facts = { nowMs: this.sources.clock.nowMs(), youngestAgeMs: this.youngestAgeMs(waiting) };
    switch (this.gate.decide({ ...facts, subjects: waiting.length, count: this.count?.read() })) {
      case 'nothing':
        break;
      case 'probeAll':
        this.gate.spent(waiting.length * probeCostMs, facts);
        for (const subject of waiting) subject.look('something may listen now');
        break;
      case 'readTable':
        void this.readTable(waiting);
        break;
    }
    this.plan();
  }

  private async readTable(waiting: readonly ListenSubject[]): Promise<void> {
    const { clock } = this.sources;
    const begunMs = clock.nowMs();
    const listeners = await this.sources.listeners().catch(() => undefined);
    const ports = new Set(listeners?.map((listener) => listener.port));
    const found = waiting.filter((subject) => ports.has(subject.port) && subject.waits());
    const nowMs = clock.nowMs();
    this.gate.spent(nowMs - begunMs + found.length * probeCostMs, {
      nowMs,
      youngestAgeMs: this.youngestAgeMs(waiting),
    });
    for (const subject of found) if (this.subjects.has(subject)) subject.look('it listens now');
  }

  private waiting(): ListenSubject[] {
    return [...this.subjects].filter((subject) => subject.waits());
  }

  private youngestAgeMs(subjects: readonly ListenSubject[]): number {
    const nowMs = this.sources.clock.nowMs();
    return Math.min(...subjects.map(({ startedMs }) => nowMs - startedMs), 60_000);
  }
}
