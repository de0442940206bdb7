/**
 * Notices that a starting backend listens, and that one which just became ready no longer does: one timer for all of
 * them, which looks at the kernel's count of sockets and goes further only when that has moved. No timer runs while
 * nobody waits.
 */
import type { Clock } from '../base/clock';
import { toDisposable, type Disposable } from '../base/lifecycle';
import {
  blindGatePeriodMs,
  crowdGatePeriodMs,
  fewSubjects,
  gatePeriodMs,
  ListenGate,
  longestGatePeriodMs,
  longestUnlookedMs,
  type UsualStart,
} from '../model/listenGate';
import type { SocketCount } from '../platform/net/socketCount';
import type { IpFamily } from '../platform/net/socketTable';
import { SeenPorts } from './seenPorts';

export interface ListenSubject {
  /** Where it is expected to listen. */
  readonly port: number;
  /** Begin of the wait on the monotonic clock. */
  readonly startedMs: number;
  readonly usual?: UsualStart;
  /** False while a new listener would be no news. */
  readonly waits: () => boolean;
  /** Begin of the last look at it of whatever reason, on the monotonic clock. */
  readonly lastLookMs: () => number;
  readonly look: (reason: string) => void;
  /** Told when something on this machine may have begun or ceased to listen, whether it waits or not. */
  readonly moved?: () => void;
}

export interface ListenWatchSources {
  readonly clock: Clock;
  readonly openCount: () => SocketCount;
  /** On which something listens; undefined where it cannot be read. Takes a millisecond or so. */
  readonly ports: (family: IpFamily) => ReadonlySet<number> | undefined;
}

/** What a probe of one backend takes of a core, for the governor; measured, rounded up. */
const probeCostMs = 0.3;
const nobodyWaitsPeriodMs = 100;
/** The pace of many changes slowly, and finding it means asking everybody. */
const paceHoldsMs = 100;

export class ListenWatch {
  private readonly subjects = new Set<ListenSubject>();
  private gate = new ListenGate();
  private readonly seen: SeenPorts;
  private count: SocketCount | undefined;
  private isBlind = false;
  private timer: Disposable | undefined;
  private dueMs = Number.POSITIVE_INFINITY;
  private pace = { periodMs: 0, untilMs: Number.NEGATIVE_INFINITY };

  constructor(private readonly sources: ListenWatchSources) {
    this.seen = new SeenPorts(sources.ports);
  }

  add(subject: ListenSubject): Disposable {
    this.subjects.add(subject);
    this.open();
    // It may listen already: a fast server does within the time in which its start is written down.
    if (subject.waits()) this.gate.missed();
    // A fresh start changes faster than those that wait for long: it sets the pace at once.
    this.pace = { ...this.pace, untilMs: Number.NEGATIVE_INFINITY };
    this.plan(this.sources.clock.nowMs());
    return toDisposable(() => {
      this.subjects.delete(subject);
      if (this.subjects.size === 0) this.rest();
    });
  }

  private rest(): void {
    this.timer?.dispose();
    this.timer = undefined;
    this.dueMs = Number.POSITIVE_INFINITY;
    this.count?.dispose();
    this.count = undefined;
    this.gate = new ListenGate();
  }

  /** Many that are added one after the other must not put off the look that is planned. */
  private plan(nowMs: number): void {
    if (nowMs >= this.pace.untilMs) {
      const periodMs = this.periodMs(nowMs);
      const holds = this.subjects.size > fewSubjects && periodMs <= longestGatePeriodMs;
      this.pace = { periodMs, untilMs: holds ? nowMs + paceHoldsMs : nowMs };
    }
    const dueMs = nowMs + this.pace.periodMs;
    if (dueMs >= this.dueMs) return;
    this.timer?.dispose();
    this.dueMs = dueMs;
    this.timer = this.sources.clock.setTimer(this.pace.periodMs, () => this.tick());
  }

  private periodMs(nowMs: number): number {
    let shortestMs = nobodyWaitsPeriodMs;
    let near = 0;
    for (const { waits, startedMs, usual } of this.subjects) {
      if (!waits()) continue;
      const ageMs = nowMs - startedMs;
      const leastMs = this.isBlind ? blindGatePeriodMs(ageMs) : 0;
      const periodMs = Math.max(leastMs, gatePeriodMs(ageMs, usual));
      if (periodMs <= longestGatePeriodMs) near++;
      shortestMs = Math.min(shortestMs, periodMs);
    }
    return this.isBlind ? shortestMs : crowdGatePeriodMs(shortestMs, near);
  }

  private open(): void {
    if (this.count !== undefined) return;
    this.count = this.sources.openCount();
    this.isBlind = this.count.read() === undefined;
  }

  private tick(): void {
    this.dueMs = Number.POSITIVE_INFINITY;
    const nowMs = this.sources.clock.nowMs();
    if (this.gate.isDue({ nowMs, count: this.count?.read() })) this.act(nowMs);
    if (this.subjects.size > 0) this.plan(nowMs);
  }

  private act(nowMs: number): void {
    const { hasMoved } = this.gate;
    if (hasMoved) for (const { moved } of this.subjects) moved?.();
    const isDue = ({ lastLookMs }: ListenSubject): boolean => hasMoved || nowMs - lastLookMs() >= longestUnlookedMs / 2;
    const waiting = [...this.subjects].filter((subject) => subject.waits() && isDue(subject));
    switch (this.gate.act(waiting.length, nowMs)) {
      case 'nothing':
        break;
      case 'probeAll':
        this.spent(waiting.length * probeCostMs, waiting);
        for (const subject of waiting) subject.look('something may listen now');
        break;
      case 'readTable':
        this.readTable(waiting, nowMs);
        break;
    }
  }

  private readTable(waiting: readonly ListenSubject[], begunMs: number): void {
    const ports = this.seen.now(this.count?.read(), begunMs);
    const found = waiting.filter(({ port }) => ports.some((ofFamily) => ofFamily.has(port)));
    this.spent(this.sources.clock.nowMs() - begunMs + found.length * probeCostMs, waiting);
    for (const subject of found) subject.look('it listens now');
  }

  private spent(costMs: number, waiting: readonly ListenSubject[]): void {
    const nowMs = this.sources.clock.nowMs();
    const youngestAgeMs = Math.min(...waiting.map(({ startedMs }) => nowMs - startedMs));
    this.gate.spent(costMs, { nowMs, youngestAgeMs });
  }
}
