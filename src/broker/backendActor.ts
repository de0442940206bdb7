/**
 * Runs the life of one backend: at most one start and one ending at a time, each shared by everybody who asks.
 * Which state follows which stands in `model/backendState`; what a start and an ending do in `startSequence`
 * and `endSequence`.
 */
import { errorMessage } from '../base/errors';
import type { SpawnWaitView } from '../model/snapshot';
import type { ExitStatus } from '../platform/process/types';
import { BackendFailure } from '../protocol/backendFailure';
import { adoptionCause, resumedStart, resumeStart, takeOverReady, type Adopted, type AdoptedAsleep } from './adoption';
import type { ActorServices, SleepReason } from './actorServices';
import type { BackendRecord } from './backendRecord';
import { crash } from './crash';
import { endFamily, endRun, sleepRun, softDrain, type SoftDrain } from './endSequence';
import * as failures from './failures';
import { guardedStop } from './guardedStop';
import type { Launch } from './launch';
import type { EndTarget } from './ledgerEntry';
import type { BrokerPorts } from './ports';
import { PortTakeBack } from './portTakeBack';
import { Restarts } from './restarts';
import type { StartParams } from './startParams';
import { startSequence } from './startSequence';
import { effectiveRequest, wokenBy } from './wakeRequest';
import { spendsBudget, startCause, StartInProgress, type StartRequest } from './startRequest';

interface Ending {
  readonly target: EndTarget | 'failed';
  readonly drain?: SoftDrain;
  readonly done: Promise<void>;
}

export class BackendActor {
  private starting: StartInProgress | undefined;
  /** A stop that was asked for, from then until it is done. */
  private stopping: Promise<void> | undefined;
  /** Cause of the first of the stops that are under way. */
  private stoppingBecause: string | undefined;
  private ending: Ending | undefined;
  /** The port of a gateway is taken anew: nobody else must do so meanwhile. */
  private takingPort: Promise<unknown> | undefined;
  private readonly restarts: Restarts;
  private readonly takeBack: PortTakeBack;
  private disposed = false;
  private spawnWait: (() => SpawnWaitView) | undefined;
  private looks: ((reason: string) => void) | undefined;

  constructor(
    readonly record: BackendRecord,
    private readonly ports: BrokerPorts,
    private readonly services: ActorServices,
  ) {
    this.restarts = new Restarts(record, ports, () => this.startAgain());
    this.takeBack = new PortTakeBack(record, ports, (launch) => services.takePublicPort(record, launch));
  }

  get spawnWaitView(): SpawnWaitView | undefined {
    return this.record.state === 'starting' ? this.spawnWait?.() : undefined;
  }

  /** Evidence that a start in progress may be done: looks at once. Costs nothing when there is none. */
  lookNow(reason: string): void {
    this.looks?.(reason);
  }

  /** Resolves when ready. A caller that is not a person gets a way to step back from the start. */
  start(request: StartRequest): { readonly done: Promise<void>; readonly stepBack: () => boolean } {
    const current = this.starting;
    if (current === undefined && this.isReadyToUse && this.takingPort === undefined)
      return { done: Promise.resolve(), stepBack: () => false };
    // A start that was given up is not joined: whoever comes now wants one of his own, after it.
    const after = Promise.allSettled([current?.done, this.stopping, this.takingPort]);
    const joined =
      current === undefined || current.cancel.cancelled
        ? this.begin((starting) => this.runStart(starting, request, after))
        : current;
    return { done: joined.done, stepBack: joined.join() };
  }

  /** Takes over a process that an earlier broker started: ready as it was, on its way, or about to end. */
  adopt(adopted: Adopted): void {
    const { record } = this;
    if (record.state !== 'stopped' || this.isBusy) return;
    // Its clients come back to the port they know.
    if (adopted.ending !== 'stopped') void this.takePortBack(adopted.live.launch);
    if (adopted.ending !== undefined) {
      this.resumeEnding(adopted, adopted.ending);
      return;
    }
    const portIsTaken = this.takingPort ?? Promise.resolve();
    const goOn = adopted.live.readyAtMs === undefined ? resumeStart : takeOverReady;
    this.begin((starting) => goOn(this.paramsOf(starting, resumedStart, adoptionCause), adopted, portIsTaken)).join();
  }

  /** Resolves when what was taken over has its port again, or others have it. */
  async tookPort(): Promise<void> {
    await this.takingPort;
  }

  /** Takes over one that was asleep under an earlier broker: its port listens again, and wakes it. */
  adoptAsleep({ marker, launch, sinceWallMs }: AdoptedAsleep): void {
    const { record } = this;
    if (record.state !== 'stopped' || this.isBusy) return;
    record.lastLaunch = launch;
    record.asleepAs = marker;
    record.to('quiesced', adoptionCause);
    record.stateSinceWallMs = sinceWallMs;
    void this.takePortBack(launch, (isOurs) => {
      if (!isOurs && record.state === 'quiesced') record.to('stopped', 'others have taken the port that would wake it');
    });
  }

  /** Whoever starts it meanwhile is answered when the port listens, or is known to be taken. */
  private async takePortBack(launch: Launch, then: (isOurs: boolean) => void = () => {}): Promise<void> {
    const taking = this.takeBack.try(launch).then(then);
    this.takingPort = taking;
    await taking;
    if (this.takingPort === taking) this.takingPort = undefined;
  }

  private resumeEnding({ live, endingCause }: Adopted, target: EndTarget): void {
    const { record, ports } = this;
    record.live = live;
    record.lastLaunch = live.launch;
    record.to(target === 'stopped' ? 'stopping' : 'draining', endingCause);
    const drain: SoftDrain = { ...softDrain(true), hard: true };
    this.track(target, target === 'quiesced' ? drain : undefined, () =>
      endRun({ record, ports, live, target, cause: endingCause }),
    ).catch((error: unknown) => ports.logger.log('warn', errorMessage(error)));
  }

  private begin(run: (starting: StartInProgress) => Promise<void>): StartInProgress {
    const starting = new StartInProgress();
    this.starting = starting;
    starting.done = run(starting).finally(() => {
      if (this.starting !== starting) return;
      this.starting = undefined;
      this.spawnWait = undefined;
      this.looks = undefined;
      this.settled();
    });
    // Whoever asked hears of a failure; without a listener it must not end the broker.
    starting.done.catch(() => {});
    return starting;
  }

  /** Ends a start in progress for everybody; resolves when what it spawned is gone. */
  async cancelStart(): Promise<void> {
    const starting = this.starting;
    if (starting === undefined) return;
    starting.abort();
    await starting.done.catch(() => {});
  }

  /**
   * Resolves when no process is left and the port is free; rejects when something would not go. `before` comes first,
   * as the end of those that depend on it, and calls the stop off with false. Whoever wants the backend from this
   * call on gets a start after the stop: nobody builds upon what is about to end.
   */
  stop(cause: string, before: Promise<boolean> = Promise.resolve(true)): Promise<void> {
    this.restarts.cancel();
    this.cancelDrain('it is being stopped');
    // Looked at only once the start is done with; until then its failure is nobody's.
    before.catch(() => {});
    const begun = this.starting;
    begun?.abort();
    // Who asked first is told: with Stop All what it depends on asks for it once more.
    this.stoppingBecause ??= cause;
    const stop = this.stopAfter(this.stoppingBecause, before, begun);
    const announced = stop
      .catch(() => {})
      .then(() => {
        if (this.stopping !== announced) return;
        this.stopping = undefined;
        this.stoppingBecause = undefined;
        this.settled();
      });
    this.stopping = announced;
    return stop;
  }

  private async stopAfter(cause: string, before: Promise<boolean>, begun: StartInProgress | undefined): Promise<void> {
    await begun?.done.catch(() => {});
    if (!(await before)) return;
    await this.endingDone();
    // The clean-up after a crash plans a restart when it is done.
    this.restarts.cancel();
    const { record } = this;
    const left = record.state === 'failed' && record.live !== undefined;
    if (record.state === 'ready' || record.state === 'draining' || left) await this.end('stopped', cause);
    else if (record.state === 'quiesced' || record.state === 'failed') record.to('stopped', cause);
    this.restarts.forget();
    record.naps.forget();
  }

  /** Resolves when asleep; rejects with `cancelled` when it is in use. */
  async sleep(reason: SleepReason): Promise<void> {
    const { record } = this;
    if (record.state === 'quiesced') return;
    if (this.ending?.target === 'quiesced') return this.ending.done;
    if (record.state !== 'ready')
      throw failures.cancelled(record, `only a ready backend can be put to sleep; it is ${record.state}.`);
    if (record.live === undefined) throw failures.cancelled(record, 'it has no process that could sleep.');
    const live = record.live;
    const drain = softDrain(reason.asked);
    record.to('draining', reason.words);
    await this.track('quiesced', drain, () =>
      sleepRun({
        record,
        ports: this.ports,
        live,
        drain,
        words: reason.words,
        settle: () => this.services.settle(record),
        whyAwake: (withoutWork) => this.services.whyAwake(record, { asked: reason.asked, withoutWork }),
        busyNow: () => this.services.busyNow(record),
        closeGate: () => this.services.closeGate(record),
      }),
    );
    if (!reason.asked) record.naps.slept(this.ports.clock.nowMs());
  }

  /** Keeps a backend that is still only about to sleep; that it is used calls off no sleep that a person asked for. */
  cancelDrain(because: string, byUse = false): void {
    const drain = this.ending?.drain;
    if (drain === undefined || drain.hard || (byUse && drain.asked)) return;
    drain.cancelledBecause ??= because;
    drain.calledOff.cancel();
  }

  /** Something of it is under way, so that its record is needed. */
  get isBusy(): boolean {
    const underWay = this.starting ?? this.stopping ?? this.ending;
    return underWay !== undefined || this.restarts.isPlanned;
  }

  /** No time is left: what is still there is killed at once, and those who wait for its end are told then. */
  async kill(): Promise<void> {
    this.restarts.cancel();
    this.starting?.abort();
    const { live, definition, keepProcesses: keep } = this.record;
    if (live === undefined) return;
    // It ends on purpose: that is no crash.
    live.watch?.dispose();
    await guardedStop(this.ports, live.run, { signal: definition.stop.signal, graceMs: 0, keep }, 'stopped');
  }

  /** A person does not mind what would not go: it is let go of, and its name is kept in the timeline. */
  ignoreLeftovers(): void {
    const { record } = this;
    const left = record.failure?.leftovers ?? [];
    if (record.state !== 'failed' || left.length === 0 || this.isBusy)
      throw failures.cancelled(record, 'nothing is left of it that could be ignored.');
    const released = record.release();
    if (released !== undefined) this.ports.guard.over(released.run.marker);
    record.to('stopped', `left running, as you said: ${failures.leftoverWords(left)}`);
  }

  dispose(): void {
    this.disposed = true;
    this.restarts.dispose();
    this.takeBack.dispose();
    this.starting?.abort();
  }

  /** One ending may be replaced by another while it is waited for: a crash during a drain. */
  private async endingDone(): Promise<void> {
    while (this.ending !== undefined) await this.ending.done.catch(() => {});
  }

  /** A record that is no longer declared is forgotten once nothing is in progress. */
  private settled(): void {
    if (!this.record.declared) this.record.changed();
  }

  /** Ready, and neither ending nor about to be stopped. */
  get isReadyToUse(): boolean {
    return this.record.state === 'ready' && this.ending === undefined && this.stopping === undefined;
  }

  private async runStart(starting: StartInProgress, asked: StartRequest, after: Promise<unknown>): Promise<void> {
    const { record } = this;
    await after;
    await this.services.oldRunsGone(record);
    this.cancelDrain('it was asked for');
    await this.endingDone();
    if (this.isReadyToUse) return;
    if (this.disposed || !record.declared) throw failures.undeclared(record);
    const request = effectiveRequest(record, asked);
    await this.endLeftovers();
    this.restarts.cancel();
    record.lastOrigin = request.origin;
    if (!spendsBudget(request.origin)) this.restarts.forget();
    const wake = record.state === 'quiesced' ? wokenBy(record, this.ports, request) : undefined;
    const spending = spendsBudget(request.origin) && this.spend();
    try {
      await startSequence(this.paramsOf(starting, request, request.cause ?? startCause(request.origin)));
      if (spending) this.services.budget.finish(record.key, 'success', this.ports.clock.nowMs());
      if (wake !== undefined) record.verdict('woken', record.asKnown(wake));
    } catch (error) {
      if (spending) this.services.budget.finish(record.key, 'failure', this.ports.clock.nowMs());
      throw error;
    }
  }

  private paramsOf(starting: StartInProgress, request: StartRequest, cause: string): StartParams {
    return {
      record: this.record,
      ports: this.ports,
      services: this.services,
      request,
      cause,
      cancel: starting.cancel,
      showSpawnWait: (view) => (this.spawnWait = view),
      showLooks: (look) => (this.looks = look),
      onEnded: (status) => this.onEndedByItself(status),
    };
  }

  /** Processes that outlived an earlier stop are ended first: nothing runs twice. */
  private async endLeftovers(): Promise<void> {
    const { record } = this;
    if (record.state !== 'failed' || record.live === undefined) return;
    const { failure } = await endFamily(record, this.ports, record.live);
    if (failure === undefined) return;
    record.amendFailure(failure);
    throw new BackendFailure(failure);
  }

  private spend(): boolean {
    const { record } = this;
    const decision = this.services.budget.tryBegin(record.key, this.ports.clock.nowMs());
    if (decision.kind === 'begun') return true;
    if (decision.kind === 'alreadyInProgress') return false;
    const failure = failures.budgetExhausted(record, decision.retryAfterMs);
    if (decision.isStorm) this.ports.logger.log('warn', failure.message);
    if (record.state === 'failed') {
      record.failure = { ...failure.failure, logTail: record.failure?.logTail ?? [] };
      record.changed();
    }
    throw failure;
  }

  private end(target: 'stopped', cause: string): Promise<void> {
    const { record } = this;
    record.to('stopping', cause);
    const live = record.live;
    return this.track(target, undefined, () => endRun({ record, ports: this.ports, live, target, cause }));
  }

  private async track(target: Ending['target'], drain: SoftDrain | undefined, run: () => Promise<void>): Promise<void> {
    const ending: Ending = {
      target,
      // A backend that ends by itself while it is drained has its ending replaced by that of the crash.
      done: run().finally(() => {
        if (this.ending !== ending) return;
        this.ending = undefined;
        this.settled();
      }),
      ...(drain === undefined ? {} : { drain }),
    };
    this.ending = ending;
    await ending.done;
  }

  /** Called by the watch of the running process; a start or an ending in progress handles its own exit. */
  private onEndedByItself(status: ExitStatus): void {
    const { record } = this;
    const drain = this.ending?.drain;
    if (record.state !== 'ready' && drain?.hard !== false) return;
    drain?.calledOff.cancel();
    const readyForMs = this.ports.clock.nowMs() - (record.live?.readyAtMs ?? 0);
    void this.track('failed', undefined, () => crash(record, this.ports, status)).then(
      () => this.restarts.plan(status, readyForMs),
      (error: unknown) => this.ports.logger.log('error', `${record.key}: ${String(error)}`),
    );
  }

  private startAgain(): Promise<void> {
    const environment = this.record.lastLaunch?.windowEnvironment ?? {};
    const trusted = this.services.isTrusted(this.record);
    return this.start({ origin: 'restartPolicy', environment, trusted }).done;
  }
}
