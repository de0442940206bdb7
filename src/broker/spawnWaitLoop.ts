/**
 * Drives `SpawnWaitPolicy` for one start. The schedule is the base line: no evidence moves or replaces it.
 * Evidence (a printed line, a new listener, an exit) makes an extra look at once. A probe that hangs never holds the
 * schedule up.
 */
import type { CancellationSignal } from '../base/cancellation';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { warmUpPauseMs } from '../model/outputEvidence';
import type { ProbeRecord, SpawnWaitView } from '../model/snapshot';
import type { SpawnWaitPolicy } from '../model/spawnWait';
import type { ProbeOutcome } from '../platform/net/types';

export type SpawnWaitOutcome =
  /** `reason`: why the look was made that saw it. */
  | { readonly kind: 'endpointReady'; readonly elapsedMs: number; readonly reason: string }
  | { readonly kind: 'daemonExitedBeforeReady' }
  | { readonly kind: 'timeout'; readonly hardCeilingMs: number }
  | { readonly kind: 'cancelled' };

export interface SpawnWaitSubject {
  readonly policy: SpawnWaitPolicy;
  readonly clock: Clock;
  readonly cancel: CancellationSignal;
  /** Looks in a row that must succeed; default 1. */
  readonly successThreshold?: number;
  /** A look that hangs is cut after this; default 5 s. */
  readonly probeTimeoutMs?: number;
  /** Extra looks begin at least so far apart; default 0. For looks that start a program. */
  readonly extraGapMs?: number;
  probe(timeoutMs: number): Promise<ProbeOutcome>;
  daemonAlive(): boolean;
  onProbe(record: ProbeRecord): void;
}

const defaultProbeTimeoutMs = 5_000;
/** Between two successes that count, where several in a row are asked for. */
const confirmPauseMs = 100;
/** At the ceiling one last look is given this long, so that a backend that just came up is not stopped. */
const lastLookMs = 250;

export class SpawnWaitLoop {
  private readonly store = new DisposableStore();
  private readonly startedMs: number;
  /** The next step of the schedule; a wait may have no end. */
  private nextTick: Disposable | undefined;
  private attempt = 0;
  private nextProbeAtMs: number;
  private extraInFlight = false;
  private extraWanted: string | undefined;
  private extraBegunMs = Number.NEGATIVE_INFINITY;
  private lookBegunMs = Number.NEGATIVE_INFINITY;
  /** When it first accepted a connection without being ready; undefined while it refuses. */
  private connectedMs: number | undefined;
  private successes = 0;
  private successMs = Number.NEGATIVE_INFINITY;
  private readonly later = new Map<string, Disposable>();
  private finish: ((outcome: SpawnWaitOutcome) => void) | undefined;

  constructor(private readonly subject: SpawnWaitSubject) {
    this.startedMs = subject.clock.nowMs();
    this.nextProbeAtMs = this.startedMs;
  }

  run(): Promise<SpawnWaitOutcome> {
    return new Promise((resolve) => {
      this.finish = (outcome) => {
        this.finish = undefined;
        this.store.dispose();
        this.nextTick?.dispose();
        for (const timer of this.later.values()) timer.dispose();
        resolve(outcome);
      };
      this.store.add(this.subject.cancel.onCancelled(() => this.finish?.({ kind: 'cancelled' })));
      if (!this.subject.cancel.cancelled) this.tick('start');
    });
  }

  /** Evidence that something changed: looks at once, at most one extra look at a time. */
  kick(reason: string): void {
    if (this.finish === undefined) return;
    if (this.extraInFlight) {
      this.extraWanted = reason;
      return;
    }
    const nowMs = this.subject.clock.nowMs();
    const tooEarlyMs = this.extraBegunMs + (this.subject.extraGapMs ?? 0) - nowMs;
    if (tooEarlyMs > 0) {
      this.kickLater(reason, tooEarlyMs, 'gap');
      return;
    }
    this.extraInFlight = true;
    this.extraBegunMs = nowMs;
    void this.look(reason, undefined, this.budgetMs()).then(() => {
      this.extraInFlight = false;
      const again = this.extraWanted;
      this.extraWanted = undefined;
      if (again !== undefined) this.kick(again);
    });
  }

  /** Begin of the last look of whatever reason, on the monotonic clock. */
  get lastLookMs(): number {
    return this.lookBegunMs;
  }

  /** It accepts connections: a new listener is no news, and what it lacks only asking tells. */
  get isConnected(): boolean {
    return this.connectedMs !== undefined;
  }

  /** The process is gone: decided now, not at the next step of the schedule. */
  daemonExited(): void {
    this.decide();
  }

  view(): SpawnWaitView {
    const nowMs = this.subject.clock.nowMs();
    return {
      attempt: this.attempt,
      elapsedMs: nowMs - this.startedMs,
      nextProbeInMs: Math.max(0, this.nextProbeAtMs - nowMs),
      hardCeilingMs: this.subject.policy.hardCeilingMs,
    };
  }

  private elapsedMs(): number {
    return this.subject.clock.nowMs() - this.startedMs;
  }

  private budgetMs(): number {
    const longestMs = this.subject.probeTimeoutMs ?? defaultProbeTimeoutMs;
    const leftMs = Math.max(lastLookMs, this.subject.policy.hardCeilingMs - this.elapsedMs());
    return Math.min(longestMs, leftMs);
  }

  private tick(reason: string): void {
    const scheduled = this.attempt;
    if (this.elapsedMs() >= this.subject.policy.hardCeilingMs) {
      void this.look('hard ceiling', scheduled, lastLookMs).then(() => this.decide());
      this.store.add(this.subject.clock.setTimer(lastLookMs, () => this.decide()));
      return;
    }
    void this.look(reason, scheduled, this.budgetMs());
    const step = this.decide();
    if (step === undefined) return;
    this.attempt++;
    this.nextProbeAtMs += step;
    const delayMs = Math.max(0, this.nextProbeAtMs - this.subject.clock.nowMs());
    this.nextTick = this.subject.clock.setTimer(delayMs, () => this.tick(`schedule ${Math.round(step)} ms`));
  }

  /** Asks the policy; ends the wait or answers how long to sleep. */
  private decide(readyBecause?: string): number | undefined {
    if (this.finish === undefined) return undefined;
    const elapsedMs = this.elapsedMs();
    const decision = this.subject.policy.decide({
      elapsedMs,
      daemonAlive: this.subject.daemonAlive(),
      endpointReady: readyBecause !== undefined,
      attempt: this.attempt,
    });
    if (decision.kind === 'sleep') return decision.durationMs;
    const { kind } = decision;
    this.finish(kind === 'endpointReady' ? { kind, elapsedMs, reason: readyBecause ?? '' } : decision);
    return undefined;
  }

  private async look(reason: string, attempt: number | undefined, timeoutMs: number): Promise<void> {
    const begunMs = this.subject.clock.nowMs();
    this.lookBegunMs = begunMs;
    const outcome = await this.subject.probe(timeoutMs).catch(brokenProbe);
    if (this.finish === undefined) return;
    const missing = outcome.ok ? this.countSuccess(begunMs) : this.countFailure();
    this.subject.onProbe({
      ...(attempt === undefined ? {} : { attempt }),
      elapsedMs: this.elapsedMs(),
      reason,
      saw: outcome.ok && missing > 0 ? `${outcome.saw} (${missing} more in a row to go)` : outcome.saw,
      ok: outcome.ok && missing === 0,
    });
    if (!outcome.ok) this.followWarmUp(outcome);
    else if (missing === 0) this.decide(reason);
    else this.kickLater('success to be confirmed', confirmPauseMs, 'confirm');
  }

  /** Answers how many more are needed. Looks made at the same moment are one success. */
  private countSuccess(begunMs: number): number {
    if (begunMs - this.successMs >= confirmPauseMs) {
      this.successes++;
      this.successMs = begunMs;
    }
    return Math.max(0, (this.subject.successThreshold ?? 1) - this.successes);
  }

  private countFailure(): number {
    this.successes = 0;
    return this.subject.successThreshold ?? 1;
  }

  /** One that accepts connections is asked more often than one that refuses them. */
  private followWarmUp({ connected = false, holder }: ProbeOutcome): void {
    if (!connected || holder !== undefined) {
      this.connectedMs = undefined;
      return;
    }
    const nowMs = this.subject.clock.nowMs();
    this.connectedMs ??= nowMs;
    this.kickLater('it accepts connections', warmUpPauseMs(nowMs - this.connectedMs), 'warmUp');
  }

  /** One timer for each purpose: what is planned already is not planned again. */
  private kickLater(reason: string, delayMs: number, purpose: string): void {
    if (this.later.has(purpose)) return;
    const timer = this.subject.clock.setTimer(delayMs, () => {
      this.later.delete(purpose);
      this.kick(reason);
    });
    this.later.set(purpose, timer);
  }
}

function brokenProbe(error: unknown): ProbeOutcome {
  return { ok: false, saw: errorMessage(error) };
}
