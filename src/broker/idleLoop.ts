/**
 * Drives `BackendIdleCoordinator` with what the sensors see. One timer for all backends; it falls on the next
 * look that can change something, and on nothing when no backend counts down.
 */
import type { ConnectionActivity, ConnectionSensor } from '../activity/connectionSensor';
import { cpuWindowMs, nextSampleInMs, type SamplingFacts } from '../activity/samplingPlan';
import type { CpuSensor } from '../activity/cpuSensor';
import { judgeTick } from '../activity/suspendGuard';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import type { BackendKey } from '../model/backendDefinition';
import { BackendIdleCoordinator, type IdleDue } from '../model/idleCoordinator';
import type { HoldView } from '../model/snapshot';

/** A ready backend that may go to sleep. */
export interface IdleSubject {
  readonly key: BackendKey;
  readonly idleTimeoutMs: number;
  readonly ports: readonly number[];
  /** The hidden port, when a gateway stands in front. */
  readonly frontedPort?: number;
  /** Its processes, by a look at the process table that began at `notBeforeMs` or later. */
  readonly pids: (notBeforeMs: number) => Promise<readonly number[]>;
  /** CPU of its tree counts. */
  readonly cpu: boolean;
  /** Time since its last output in ms; given when output counts. */
  readonly lastOutputAgoMs?: () => Promise<number | undefined>;
}

export interface IdleListener {
  due(due: IdleDue): void;
  /** Fresh activity: a drain that has not begun to signal is called off. */
  active(key: BackendKey, because: string): void;
  /** Countdown or holds look different now. */
  changed(key: BackendKey): void;
}

/** The last thing that counted, on the monotonic clock. */
interface Use {
  readonly atMs: number;
  readonly what: string;
}

export interface CountdownView {
  readonly idleTimeoutMs: number;
  readonly remainingMs: number;
  readonly sensed: readonly HoldView[];
  readonly lastUse: Use;
}

interface Tracked extends IdleSubject {
  lastUse: Use;
  sensed: Map<'connection' | 'cpu', HoldView>;
}

/** Below this the window need not be told that a countdown began anew. */
const noticeableRearmMs = 250;
/** Countdowns this short are watched by eye: looks are made often enough that they do not lie. */
const watchedTimeoutMs = 120_000;
/** A table that cannot be read must not be taken for silence. */
const unobservable: HoldView = { kind: 'connection', reason: 'whether it is used cannot be seen on this system' };

export class IdleLoop implements Disposable {
  private readonly coordinator = new BackendIdleCoordinator();
  private readonly tracked = new Map<BackendKey, Tracked>();
  private timer: Disposable | undefined;
  private lastLookMs: number;
  private disposed = false;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly connections: ConnectionSensor,
    private readonly cpu: CpuSensor,
    private readonly listener: IdleListener,
  ) {
    this.lastLookMs = clock.nowMs();
  }

  /** Begins (or, for a changed timeout, continues under the new one) the countdown of a ready backend. */
  enter(subject: IdleSubject): void {
    const nowMs = this.clock.nowMs();
    const before = this.tracked.get(subject.key);
    const lastUse = before?.lastUse ?? { atMs: nowMs, what: 'it became ready' };
    this.tracked.set(subject.key, {
      ...subject,
      lastUse,
      sensed: before?.sensed ?? new Map<'connection' | 'cpu', HoldView>(),
    });
    this.coordinator.markActivityWithTimeout(subject.key, lastUse.atMs, subject.idleTimeoutMs);
    this.schedule();
  }

  leave(key: BackendKey): void {
    const tracked = this.tracked.get(key);
    if (tracked === undefined) return;
    for (const kind of tracked.sensed.keys()) this.coordinator.releaseLease(key, kind, this.clock.nowMs());
    this.tracked.delete(key);
    this.coordinator.removeBackend(key);
    this.cpu.forget(key);
    this.connections.forget(key);
    this.schedule();
  }

  markActivity(key: BackendKey, because: string): void {
    this.note(key, this.clock.nowMs(), because);
    this.listener.active(key, because);
    this.schedule();
  }

  holdPlaced(key: BackendKey, holdId: string, reason: string): void {
    this.coordinator.acquireLease(key, holdId, this.clock.nowMs());
    this.listener.active(key, reason);
    this.listener.changed(key);
    this.schedule();
  }

  holdReleased(key: BackendKey, holdId: string, reason: string): void {
    const nowMs = this.clock.nowMs();
    this.coordinator.releaseLease(key, holdId, nowMs);
    const tracked = this.tracked.get(key);
    if (tracked !== undefined) tracked.lastUse = { atMs: nowMs, what: `the end of: ${reason}` };
    this.listener.changed(key);
    this.schedule();
  }

  /** Undefined for a backend that does not count down: it never sleeps, or is not ready. */
  view(key: BackendKey): CountdownView | undefined {
    const tracked = this.tracked.get(key);
    if (tracked === undefined) return undefined;
    const remainingMs = this.coordinator.remainingMs(key, this.clock.nowMs()) ?? tracked.idleTimeoutMs;
    const { idleTimeoutMs, lastUse } = tracked;
    return { idleTimeoutMs, remainingMs, sensed: [...tracked.sensed.values()], lastUse };
  }

  /** What is looked at to tell whether it is in use, in words. */
  observed(key: BackendKey): string | undefined {
    const tracked = this.tracked.get(key);
    if (tracked === undefined) return undefined;
    const work = tracked.cpu && this.cpu.canRead ? ['the work of its processes'] : [];
    const output = tracked.lastOutputAgoMs === undefined ? [] : ['its output'];
    return [this.connections.observed(tracked), ...work, ...output].join('; ');
  }

  /** The last look before a verdict: what keeps this backend awake, in words; undefined: nothing does. */
  async lastLook(key: BackendKey, withoutWork = false): Promise<string | undefined> {
    const tracked = this.tracked.get(key);
    if (tracked === undefined) return undefined;
    const before = tracked.lastUse.atMs;
    await this.look([tracked], withoutWork);
    const [sensed] = tracked.sensed.values();
    if (sensed !== undefined) return sensed.reason;
    return tracked.lastUse.atMs > before ? `it was used a moment ago (${tracked.lastUse.what})` : undefined;
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
  }

  private schedule(): void {
    this.timer?.dispose();
    this.timer = undefined;
    if (this.disposed || this.looking !== undefined) return;
    const nowMs = this.clock.nowMs();
    const facts = [...this.tracked.values()].map((tracked) => this.factsOf(tracked, nowMs));
    const watched = facts.some((fact) => fact.idleTimeoutMs <= watchedTimeoutMs);
    const delayMs = nextSampleInMs(facts, nowMs - this.lastLookMs, watched);
    if (delayMs === undefined) return;
    const set = { nowMs, wallMs: this.clock.wallMs(), dueMs: nowMs + delayMs };
    this.timer = this.clock.setTimer(delayMs, () => this.tick(set));
  }

  private factsOf(tracked: Tracked, nowMs: number): SamplingFacts {
    const remainingMs = this.coordinator.remainingMs(tracked.key, nowMs);
    return {
      idleTimeoutMs: tracked.idleTimeoutMs,
      heldByConnection: tracked.sensed.size > 0,
      cpu: tracked.cpu && this.cpu.canRead,
      ...(remainingMs === undefined ? {} : { remainingMs }),
    };
  }

  private tick(set: { nowMs: number; wallMs: number; dueMs: number }): void {
    const nowMs = this.clock.nowMs();
    const verdict = judgeTick({
      expectedMs: set.dueMs,
      actualMs: nowMs,
      monotonicDeltaMs: nowMs - set.nowMs,
      wallDeltaMs: this.clock.wallMs() - set.wallMs,
    });
    if (verdict.kind === 'rearm') this.rearmAll(verdict.why);
    this.looking = this.look([...this.tracked.values()])
      .then(() => this.collect())
      .catch((error: unknown) => this.logger.log('error', `idle check: ${errorMessage(error)}`))
      .finally(() => {
        this.looking = undefined;
        this.schedule();
      });
  }

  private rearmAll(why: string): void {
    const nowMs = this.clock.nowMs();
    this.logger.log('info', `all idle countdowns begin again: ${why}`);
    this.coordinator.restartCountdowns(nowMs);
    for (const tracked of this.tracked.values()) {
      tracked.lastUse = { atMs: nowMs, what: `nothing is known of the time before: ${why}` };
      this.listener.changed(tracked.key);
    }
  }

  private collect(): void {
    for (const due of this.coordinator.collectDueForQuiesce(this.clock.nowMs())) this.listener.due(due);
  }

  private async look(subjects: readonly Tracked[], withoutWork = false): Promise<void> {
    const nowMs = this.clock.nowMs();
    this.lastLookMs = nowMs;
    // One look at the process table serves all backends of this look.
    const observed = subjects.map((subject) => ({ ...subject, pids: () => subject.pids(nowMs) }));
    const seen = await this.connections.sample(observed).catch((error: unknown) => this.blind(error));
    for (const subject of subjects) {
      if (this.tracked.get(subject.key) !== subject) continue;
      if (seen !== undefined) this.applyConnections(subject, seen.get(subject.key), nowMs);
      else if (this.mayBeMissed(subject)) this.sense(subject, 'connection', unobservable);
      if (!withoutWork) await this.applyWork(subject, nowMs);
    }
  }

  /** Nothing was seen of its connections, and nobody else tells of them. A gateway does, where there never is a table. */
  private mayBeMissed({ ports, frontedPort }: IdleSubject): boolean {
    return ports.length > 0 || (frontedPort !== undefined && this.connections.isObservable);
  }

  private blind(error: unknown): undefined {
    this.logger.log('warn', `idle check: ${errorMessage(error)}`);
    return undefined;
  }

  private applyConnections(subject: Tracked, seen: ConnectionActivity | undefined, nowMs: number): void {
    if (seen?.lastActivityAgoMs !== undefined)
      this.note(subject.key, nowMs - seen.lastActivityAgoMs, 'a connection was closed');
    this.sense(subject, 'connection', seen?.hold);
  }

  private async applyWork(subject: Tracked, nowMs: number): Promise<void> {
    const outputAgoMs = await subject.lastOutputAgoMs?.();
    if (outputAgoMs !== undefined) this.note(subject.key, nowMs - outputAgoMs, 'it printed something');
    const remainingMs = this.coordinator.remainingMs(subject.key, nowMs);
    const nearDeadline = remainingMs !== undefined && remainingMs <= cpuWindowMs;
    if (!subject.cpu || !this.cpu.canRead || (!nearDeadline && !subject.sensed.has('cpu'))) return;
    const pids = await subject.pids(nowMs).catch((error: unknown) => this.blind(error));
    // Whether it works cannot be seen: as good as activity now, so that the next look comes when it can change that.
    if (pids === undefined) {
      this.note(subject.key, nowMs, 'its processes could not be looked at');
      return;
    }
    const work = await this.cpu.sample(subject.key, pids, this.clock.nowMs());
    if (work !== undefined && this.tracked.get(subject.key) === subject) this.sense(subject, 'cpu', work.hold);
  }

  private sense(subject: Tracked, kind: 'connection' | 'cpu', hold: HoldView | undefined): void {
    const before = subject.sensed.get(kind);
    if (before?.reason === hold?.reason) return;
    if (hold === undefined) {
      subject.sensed.delete(kind);
      this.holdReleased(subject.key, kind, before?.reason ?? kind);
    } else {
      const since = before?.since ?? this.clock.wallMs();
      subject.sensed.set(kind, { ...hold, since });
      subject.lastUse = { atMs: this.clock.nowMs(), what: hold.reason };
      this.holdPlaced(subject.key, kind, hold.reason);
    }
  }

  /** Activity at `atMs`, perhaps some time ago; older news than what is known changes nothing. */
  private note(key: BackendKey, atMs: number, what: string): void {
    const tracked = this.tracked.get(key);
    if (tracked === undefined || atMs <= tracked.lastUse.atMs) return;
    const movedMs = atMs - tracked.lastUse.atMs;
    tracked.lastUse = { atMs, what };
    this.coordinator.markActivityWithTimeout(key, atMs, tracked.idleTimeoutMs);
    if (movedMs >= noticeableRearmMs) this.listener.changed(key);
  }
}
