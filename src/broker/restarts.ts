/** Starts a backend again that ended by itself, when and as often as its policy says. */
import type { Disposable } from '../base/lifecycle';
import { RestartPolicy } from '../model/restartPolicy';
import type { ExitStatus } from '../platform/process/types';
import { BackendFailure } from '../protocol/backendFailure';
import type { BackendRecord } from './backendRecord';
import { giveUpRestarts } from './crash';
import type { BrokerPorts } from './ports';
import { showRefusal } from './wakeRequest';

export class Restarts implements Disposable {
  private policy = RestartPolicy.fresh;
  private timer: Disposable | undefined;
  private disposed = false;

  constructor(
    private readonly record: BackendRecord,
    private readonly ports: BrokerPorts,
    private readonly start: () => Promise<void>,
  ) {}

  get isPlanned(): boolean {
    return this.timer !== undefined;
  }

  /** `readyForMs` is undefined when it never was. */
  plan(exit: ExitStatus, readyForMs: number | undefined): void {
    const { record, ports } = this;
    const decision = this.policy.decide({
      policy: record.definition.restart,
      exit,
      ...(readyForMs !== undefined && { readyForMs }),
      stopRequested: false,
    });
    this.policy = this.policy.after(decision);
    if (decision.kind === 'giveUp' && decision.reason === 'endsSoonAfterReady') giveUpRestarts(record, ports);
    if (decision.kind === 'giveUp' || record.state !== 'failed' || this.disposed) return;
    record.restartAtMs = ports.clock.nowMs() + decision.delayMs;
    record.changed();
    this.timer = ports.clock.setTimer(decision.delayMs, () => {
      this.cancel();
      void this.start().catch((error: unknown) => this.failed(error));
    });
  }

  cancel(): void {
    this.timer?.dispose();
    this.timer = undefined;
    this.record.restartAtMs = undefined;
  }

  /** Somebody decided: what went before counts no more. */
  forget(): void {
    this.policy = RestartPolicy.fresh;
  }

  dispose(): void {
    this.disposed = true;
    this.cancel();
  }

  private failed(error: unknown): void {
    if (error instanceof BackendFailure && error.code === 'budgetExhausted') return;
    if (showRefusal(this.record, error)) return;
    const { exitCode, signal } = this.record.failure ?? {};
    this.plan(
      { ...(exitCode === undefined ? {} : { code: exitCode }), ...(signal === undefined ? {} : { signal }) },
      undefined,
    );
  }
}
