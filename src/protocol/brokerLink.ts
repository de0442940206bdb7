/** The client's side of the broker: finds it, starts it on first need, notices its death, carries requests. */
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import { Emitter, type Event } from '../base/event';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { within } from '../base/within';
import { BackendFailure, brokerUnavailable } from './backendFailure';
import { BrokerSilent, dialLatest, sayHello, type Dialled } from './brokerDial';
import { HoldKeeper, type HeldBackend } from './holdKeeper';
import {
  notifications,
  requests,
  type BackendsChangedParams,
  type BrokerLogParams,
  type UpdateWorkspaceParams,
} from './messages';
import type { BackendView } from '../model/snapshot';
import { Revival } from './revival';
import type { RequestType, RpcConnection } from './rpcConnection';

export type LinkState = 'idle' | 'connecting' | 'connected' | 'lost';

export interface LinkStateChange {
  readonly state: LinkState;
  /** In words, for the person. */
  readonly reason?: string;
}

/** A started broker process, seen from the client. */
export interface StartedBroker {
  /** Settles with a description when the process ends before it could be reached. */
  readonly exited: Promise<string>;
}

/** A broker inside this process, reached over a pair of streams in memory. */
export interface InProcessBroker {
  readonly stream: Duplex;
  readonly token: string;
  /** Stops all its backends; resolves when they are gone. */
  readonly end: () => Promise<void>;
}

export interface BrokerLinkOptions {
  /** Folder of the generation records. */
  readonly recordDirectory: string;
  readonly buildId: string;
  readonly clientName: string;
  /** Starts a broker process of its own; rejects where that is not possible. */
  readonly startBroker: () => Promise<StartedBroker>;
  /** Runs the same broker inside this process. */
  readonly runInProcess: () => Promise<InProcessBroker>;
  /** True when the person asked for a broker inside the extension host. */
  readonly preferInProcess: () => boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** On a machine that has much else to do, Node alone may take many seconds to begin. */
const startDeadlineMs = 30_000;
/** One that finds the place taken leaves; whoever had it may have been dying just then. */
const startsAtMost = 3;
/** Between tries for a new broker, when the one that was there is gone and something was up. */
const revivalPausesMs = [1_000, 2_000, 5_000, 10_000, 20_000];
const dialStepMs = 20;
const retireDeadlineMs = 5_000;

export class BrokerLink implements Disposable {
  private readonly changes = new Emitter<LinkStateChange>();
  private readonly backends = new Emitter<BackendsChangedParams>();
  private readonly logs = new Emitter<BrokerLogParams>();
  private readonly holds = new HoldKeeper(
    (held) => this.sendHold(held),
    (holdId) => this.sendRelease(holdId),
  );
  private readonly connectionStore = new DisposableStore();
  private readonly pauses = new DisposableStore();
  private rpc: RpcConnection | undefined;
  private connecting: Promise<RpcConnection> | undefined;
  private looking: Promise<RpcConnection | undefined> | undefined;
  private workspace: UpdateWorkspaceParams | undefined;
  private goingAway: string | undefined;
  private disposed = false;
  private current: LinkState = 'idle';
  private runsInProcess = false;
  private toldOtherBuild = false;
  private endOwnBroker: (() => Promise<void>) | undefined;
  private readonly revival: Revival;

  readonly onDidChangeState: Event<LinkStateChange> = this.changes.event;
  readonly onBackendsChanged: Event<BackendsChangedParams> = this.backends.event;
  readonly onLog: Event<BrokerLogParams> = this.logs.event;

  constructor(private readonly options: BrokerLinkOptions) {
    this.revival = new Revival(options.clock);
  }

  get state(): LinkState {
    return this.current;
  }

  /** True while connected to a broker inside this process: backends then end with it. */
  get inProcess(): boolean {
    return this.runsInProcess;
  }

  /** Connects to a broker that runs already; answers false, and starts nothing, when there is none. */
  async connectExisting(): Promise<boolean> {
    if (this.rpc !== undefined) return true;
    if (this.connecting !== undefined) return this.connecting.then(() => true);
    return (await this.look()) !== undefined;
  }

  /** Sends a request, starting the broker first when none is there. Rejects with a {@link BackendFailure}. */
  async request<P, R, E>(type: RequestType<P, R, E>, params: NoInfer<P>): Promise<R> {
    try {
      const rpc = await this.ensureConnected();
      return await rpc.sendRequest(type, params);
    } catch (error) {
      throw error instanceof BackendFailure ? error : brokerUnavailable(error);
    }
  }

  /** Remembers what this window declares, tells the broker when there is one, and repeats it after every reconnect. */
  async setWorkspace(params: UpdateWorkspaceParams): Promise<void> {
    this.workspace = params;
    if (this.rpc !== undefined) await this.sendWorkspace(this.rpc);
  }

  /** Keeps a backend awake until disposed; repeated after a reconnect. */
  hold(held: HeldBackend): Disposable {
    return this.holds.hold(held);
  }

  /** Before the process ends: a broker inside it stops its backends. One of its own needs nothing of us. */
  async end(): Promise<void> {
    await this.endOwnBroker?.();
    this.dispose();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.rpc = undefined;
    this.connectionStore.dispose();
    this.pauses.dispose();
    for (const emitter of [this.changes, this.backends, this.logs]) emitter.dispose();
  }

  /** One look at a time, shared by all who ask: two connections of one window would hold everything twice. */
  private look(): Promise<RpcConnection | undefined> {
    this.looking ??= this.dialAndAdopt().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async dialAndAdopt(): Promise<RpcConnection | undefined> {
    const dialled = await this.dial();
    return dialled === undefined ? undefined : this.adopt(dialled);
  }

  private async ensureConnected(): Promise<RpcConnection> {
    if (this.disposed)
      throw BackendFailure.of('brokerUnavailable', 'Local Backends has been shut down in this window.');
    if (this.rpc !== undefined) return this.rpc;
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async connect(): Promise<RpcConnection> {
    this.setState('connecting');
    try {
      return (await this.look()) ?? (await this.adopt(await this.start()));
    } catch (error) {
      this.setState('lost', errorMessage(error));
      throw error;
    }
  }

  private async dial(): Promise<Dialled | undefined> {
    if (this.options.preferInProcess()) return undefined;
    const dialled = await dialLatest(this.options.recordDirectory, this.options);
    if (dialled === undefined || dialled.hello.buildId === this.options.buildId) return dialled;
    return this.replaceOtherBuild(dialled);
  }

  /** An idle broker of another build makes room at once; a busy one is used, and named. */
  private async replaceOtherBuild(dialled: Dialled): Promise<Dialled | undefined> {
    const closed = new Promise<void>((resolve) => dialled.rpc.onClose(resolve));
    const retired = await dialled.rpc.sendRequest(requests.retire, {});
    if (retired) {
      // Until it has let go of its record, a new one would find the place taken and leave.
      await within(this.options.clock, retireDeadlineMs, closed);
      closeConnection(dialled.rpc);
      return undefined;
    }
    if (!this.toldOtherBuild) {
      this.toldOtherBuild = true;
      this.options.logger.log(
        'warn',
        `The broker (pid ${dialled.hello.brokerPid}) is of build ${dialled.hello.buildId}, this window of ${this.options.buildId}. ` +
          `It has ${dialled.hello.running} running backends, others may be asleep: it is used as it is, and replaced once all are stopped.`,
      );
    }
    return dialled;
  }

  private async start(tried = 1): Promise<Dialled> {
    if (this.options.preferInProcess()) return this.startInProcess();
    let started: StartedBroker;
    try {
      started = await this.options.startBroker();
    } catch (error) {
      this.options.logger.log(
        'warn',
        `No broker process could be started (${errorMessage(error)}): it runs inside this window's extension host.`,
      );
      return this.startInProcess();
    }
    const reached = await this.waitForBroker(started);
    if (typeof reached !== 'string') return reached;
    if (tried < startsAtMost) return this.start(tried + 1);
    throw BackendFailure.of('brokerUnavailable', `The broker ended before it could be reached: ${reached}`);
  }

  private async startInProcess(): Promise<Dialled> {
    const broker = await this.options.runInProcess();
    this.endOwnBroker = broker.end;
    return sayHello(broker.stream, broker, this.options);
  }

  /** Answers how it ended, when it did and no other one is there. */
  private async waitForBroker(started: StartedBroker): Promise<Dialled | string> {
    let ended: string | undefined;
    void started.exited.then((how) => (ended = how));
    const deadlineMs = this.options.clock.nowMs() + startDeadlineMs;
    for (;;) {
      const dialled = await this.dialPatiently(deadlineMs);
      if (dialled !== undefined) return dialled;
      // A broker that lost the race against another one exits; the winner is found by the next look.
      if (ended !== undefined && (await latestIsGone(this.options))) return ended;
      if (this.options.clock.nowMs() > deadlineMs) {
        throw BackendFailure.of(
          'brokerUnavailable',
          `The broker did not accept connections within ${startDeadlineMs / 1000} s.`,
        );
      }
      await new Promise<void>((resolve) => this.options.clock.setTimer(dialStepMs, resolve));
    }
  }

  /** One that has just begun may be silent for long: there is much to take over, or much else to do. */
  private async dialPatiently(deadlineMs: number): Promise<Dialled | undefined> {
    try {
      return await dialLatest(this.options.recordDirectory, this.options);
    } catch (error) {
      if (error instanceof BrokerSilent && this.options.clock.nowMs() <= deadlineMs) return undefined;
      throw error;
    }
  }

  private async adopt({ rpc, hello }: Dialled): Promise<RpcConnection> {
    if (this.disposed) {
      closeConnection(rpc);
      throw BackendFailure.of('brokerUnavailable', 'Local Backends has been shut down in this window.');
    }
    this.rpc = rpc;
    this.runsInProcess = hello.inProcess;
    this.goingAway = undefined;
    this.connectionStore.add(toDisposable(() => closeConnection(rpc)));
    this.connectionStore.add(rpc.onNotification(notifications.backendsChanged, (params) => this.told(params)));
    this.connectionStore.add(rpc.onNotification(notifications.log, (params) => this.logs.fire(params)));
    this.connectionStore.add(
      rpc.onNotification(notifications.goingAway, ({ reason }) => {
        this.goingAway = reason;
      }),
    );
    this.connectionStore.add(rpc.onClose(() => this.lose(rpc)));
    this.options.logger.log('debug', `connected to the broker, pid ${hello.brokerPid}, build ${hello.buildId}`);
    await this.sendWorkspace(rpc);
    this.holds.repeatAll();
    this.setState('connected');
    return rpc;
  }

  private lose(rpc: RpcConnection): void {
    if (this.rpc !== rpc) return;
    this.rpc = undefined;
    this.connectionStore.clear();
    const onPurpose = this.goingAway;
    if (onPurpose === undefined && !this.runsInProcess && this.revival.begin()) void this.revive();
    else this.setState(onPurpose === undefined ? 'lost' : 'idle', onPurpose ?? 'The broker ended unexpectedly.');
  }

  /** What ran goes on under a new broker; the person need not do anything, and is told in the log only. */
  private async revive(): Promise<void> {
    const { clock, logger } = this.options;
    const lostAtMs = clock.nowMs();
    for (const pauseMs of [0, ...revivalPausesMs]) {
      if (pauseMs > 0) await this.pause(pauseMs);
      // Somebody else may have brought it back, or the window may be gone.
      if (this.disposed || (pauseMs > 0 && this.rpc !== undefined)) return;
      try {
        await this.ensureConnected();
        const seconds = ((clock.nowMs() - lostAtMs) / 1000).toFixed(1);
        logger.log('info', `The broker ended unexpectedly; a new one has taken over its backends after ${seconds} s.`);
        return;
      } catch (error) {
        logger.log('debug', `no new broker: ${errorMessage(error)}`);
      }
    }
  }

  private pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.pauses.add(toDisposable(resolve));
      const timer = this.options.clock.setTimer(durationMs, () => {
        for (const done of [timer, waiting]) this.pauses.delete(done);
      });
      this.pauses.add(timer);
    });
  }

  private told(change: BackendsChangedParams): void {
    this.revival.note(change);
    this.backends.fire(change);
  }

  private async sendWorkspace(rpc: RpcConnection): Promise<void> {
    if (this.workspace === undefined) return;
    const views: readonly BackendView[] = await rpc.sendRequest(requests.updateWorkspace, this.workspace);
    // A new broker knows nothing of what an earlier one had told.
    this.told({ changed: views, removed: this.revival.missing(views) });
  }

  private sendHold(held: HeldBackend & { readonly holdId: string }): void {
    void this.rpc?.sendRequest(requests.hold, held).catch((error: unknown) => {
      this.options.logger.log('warn', `could not keep ${held.key} awake: ${errorMessage(error)}`);
    });
  }

  private sendRelease(holdId: string): void {
    void this.rpc?.sendRequest(requests.releaseHold, { holdId }).catch(() => {
      // The connection is gone, and the broker drops all holds of a lost connection.
    });
  }

  private setState(state: LinkState, reason?: string): void {
    if (this.current === state) return;
    this.current = state;
    this.changes.fire({ state, ...(reason === undefined ? {} : { reason }) });
  }
}

/** Ends the stream, and rejects what was asked and can no longer be answered. */
function closeConnection(rpc: RpcConnection): void {
  rpc.end();
  rpc.dispose();
}

async function latestIsGone(options: BrokerLinkOptions): Promise<boolean> {
  const dialled = await dialLatest(options.recordDirectory, options);
  if (dialled !== undefined) closeConnection(dialled.rpc);
  return dialled === undefined;
}
