/**
 * Drives `SpawnWaitPolicy` for one start. The schedule is the base line: no evidence moves or replaces it.
 * Evidence (a printed line, an exit) makes an extra look at once. A probe that hangs never holds the schedule up.
 */
import type { CancellationSignal } from '../base/cancellation';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import { DisposableStore } from '../base/lifecycle';
import type { ProbeRecord, SpawnWaitView } from '../model/snapshot';
import type { SpawnWaitPolicy } from '../model/spawnWait';
import type { ProbeOutcome } from '../platform/net/types';

export type SpawnWaitOutcome =
  | { readonly kind: 'endpointReady'; readonly elapsedMs: number }
  | { readonly kind: 'daemonExitedBeforeReady' }
  | { readonly kind: 'timeout'; readonly hardCeilingMs: number }
  | { readonly kind: 'cancelled' };

export interface SpawnWaitSubject {
  readonly policy: SpawnWaitPolicy;
  readonly clock: Clock;
  readonly cancel: CancellationSignal;
  probe(timeoutMs: number): Promise<ProbeOutcome>;
  daemonAlive(): boolean;
  onProbe(record: ProbeRecord): void;
}

const probeTimeoutMs = 5_000;
/** At the ceiling one last look is given this long, so that a backend that just came up is not stopped. */
const lastLookMs = 250;

export class SpawnWaitLoop {
  private readonly store = new DisposableStore();
  private readonly startedMs: number;
  private attempt = 0;
  private nextProbeAtMs: number;
  private extraInFlight = false;
  private extraWanted: string | undefined;
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
    this.extraInFlight = true;
    void this.look(reason, undefined, this.budgetMs()).then(() => {
      this.extraInFlight = false;
      const again = this.extraWanted;
      this.extraWanted = undefined;
      if (again !== undefined) this.kick(again);
    });
  }

  /** The process is gone: decided now, not at the next step of the schedule. */
  daemonExited(): void {
    this.decide(false);
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
    return Math.max(lastLookMs, Math.min(probeTimeoutMs, this.subject.policy.hardCeilingMs - this.elapsedMs()));
  }

  private tick(reason: string): void {
    const scheduled = this.attempt;
    if (this.elapsedMs() >= this.subject.policy.hardCeilingMs) {
      void this.look('hard ceiling', scheduled, lastLookMs).then(() => this.decide(false));
      this.store.add(this.subject.clock.setTimer(lastLookMs, () => this.decide(false)));
      return;
    }
    void this.look(reason, scheduled, this.budgetMs());
    const step = this.decide(false);
    if (step === undefined) return;
    this.attempt++;
    this.nextProbeAtMs += step;
    const delayMs = Math.max(0, this.nextProbeAtMs - this.subject.clock.nowMs());
    this.store.add(this.subject.clock.setTimer(delayMs, () => this.tick(`schedule ${step} ms`)));
  }

  /** Asks the policy; ends the wait or answers how long to sleep. */
  private decide(endpointReady: boolean): number | undefined {
    if (this.finish === undefined) return undefined;
    const elapsedMs = this.elapsedMs();
    const decision = this.subject.policy.decide({
      elapsedMs,
      daemonAlive: this.subject.daemonAlive(),
      endpointReady,
      attempt: this.attempt,
    });
    if (decision.kind === 'sleep') return decision.durationMs;
    this.finish(decision.kind === 'endpointReady' ? { kind: 'endpointReady', elapsedMs } : decision);
    return undefined;
  }

  private async look(reason: string, attempt: number | undefined, timeoutMs: number): Promise<void> {
    const outcome = await this.subject.probe(timeoutMs).catch(brokenProbe);
    if (this.finish === undefined) return;
    this.subject.onProbe({
      ...(attempt === undefined ? {} : { attempt }),
      elapsedMs: this.elapsedMs(),
      reason,
      saw: outcome.saw,
      ok: outcome.ok,
    });
    if (outcome.ok) this.decide(true);
  }
}

function brokenProbe(error: unknown): ProbeOutcome {
  return { ok: false, saw: errorMessage(error) };
}
