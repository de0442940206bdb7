/** All backends of this machine's user: declares them, carries out wishes, keeps what depends on what in order. */
import { errorMessage } from '../base/errors';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { backendKey, type BackendKey } from '../model/backendDefinition';
import { mayHaveProcess } from '../model/backendState';
import { formatDuration } from '../model/countdown';
import type { IdleDue } from '../model/idleCoordinator';
import { SpawnBudget } from '../model/spawnBudget';
import { dependentsOf } from '../model/startOrder';
import type { BackendView, LastUse } from '../model/snapshot';
import { BackendFailure } from '../protocol/backendFailure';
import type { BrokerSettings, ProcessTreeResult } from '../protocol/messages';
import { endSleep, followSleep } from './asleep';
import { BackendActor } from './backendActor';
import { bringDependencies, missingDependencies } from './dependencyStarts';
import type { BackendRecord } from './backendRecord';
import { DependentHolds, needing } from './dependentHolds';
import * as failures from './failures';
import { FolderRegistry } from './folderRegistry';
import { GatewayRoutes } from './gatewayRoutes';
import { HoldRegistry, type Hold } from './holds';
import { IdleLoop } from './idleLoop';
import { idleSubject } from './idleSubject';
import { inherit } from './inheritance';
import { resolveLaunch } from './launchResolver';
import { Orphans } from './orphans';
import type { BrokerPorts } from './ports';
import type { Sensors } from './sensors';
import type { StartRequest } from './startRequest';
import { stayAwake } from './stayAwake';
import { stopInWaves } from './stopInWaves';
import { Turns } from './turns';
import { viewOf } from './viewOf';
import { WakeUp } from './wakeUp';

const defaultSettings: BrokerSettings = { reconnectGraceMs: 30_000, maxConcurrentStarts: 0 };

export class Supervisor implements Disposable {
  readonly folders: FolderRegistry;
  readonly holds: HoldRegistry;
  private readonly actors = new Map<BackendKey, BackendActor>();
  private readonly store = new DisposableStore();
  private readonly idle: IdleLoop;
  private readonly orphans: Orphans;
  private readonly turns: Turns;
  private readonly budget = new SpawnBudget();
  private readonly routes: GatewayRoutes;
  private readonly wakeUp: WakeUp;
  private settings = defaultSettings;
  private closing: string | undefined;
  private readonly dependentHolds: DependentHolds;

  constructor(
    private readonly ports: BrokerPorts,
    sensors: Sensors,
    private readonly onChange: (key: BackendKey) => void,
  ) {
    this.idle = this.store.add(
      new IdleLoop(ports.clock, ports.logger, sensors.connections, sensors.cpu, {
        due: (due) => this.onDue(due),
        active: (key, because) => this.actors.get(key)?.cancelDrain(because, true),
        changed: (key) => this.onChange(key),
      }),
    );
    const recordsOf = (folderPath: string): readonly BackendRecord[] => this.folders.recordsOf(folderPath);
    this.turns = new Turns({ ...ports, cpu: sensors.cpu, recordsOf });
    this.wakeUp = new WakeUp(ports, {
      start: (key, request) => this.start(key, request),
      isTrusted: (record) => this.folders.isTrusted(record.folder.path),
    });
    this.routes = this.store.add(
      new GatewayRoutes(ports, {
        used: (key, because) => this.idle.markActivity(key, because),
        held: (key, hold) => this.holds.place({ id: `gateway ${key}`, key, owner: 'gateway', ...hold }),
        released: (key) => this.holds.release(`gateway ${key}`),
        wake: (record, waker) => this.wakeUp.wake(record, waker),
        heldChanged: (record, count) => count > 0 && this.lookNow(record.key, 'a client waits'),
      }),
    );
    this.holds = this.store.add(
      new HoldRegistry(ports.clock, {
        placed: (hold) => {
          if (hold.owner !== 'gateway') this.actors.get(hold.key)?.cancelDrain(hold.reason);
          this.idle.holdPlaced(hold.key, hold.id, hold.reason);
          this.noteKeepAwake(hold);
        },
        released: (hold) => {
          this.idle.holdReleased(hold.key, hold.id, hold.reason);
          this.noteKeepAwake(hold);
        },
      }),
    );
    this.orphans = this.store.add(new Orphans(ports, defaultSettings.reconnectGraceMs));
    this.dependentHolds = new DependentHolds(this.holds);
    this.folders = new FolderRegistry(ports.clock, (record) => this.recordChanged(record), {
      added: (record) => this.added(record),
      removed: (key) => this.forget(key),
      isBusy: (key) => this.actors.get(key)?.isBusy === true,
    });
  }

  applySettings(settings: BrokerSettings): void {
    this.settings = settings;
    this.turns.setLimit(settings.maxConcurrentStarts);
    this.ports.guard.setHold(settings.reconnectGraceMs);
    this.orphans.setGrace(settings.reconnectGraceMs);
    for (const actor of this.actors.values()) this.followIdle(actor.record);
  }

  get reconnectGraceMs(): number {
    return this.settings.reconnectGraceMs;
  }

  get runningCount(): number {
    const inUse = ({ record, isBusy }: BackendActor): boolean =>
      record.running || isBusy || mayHaveProcess(record.state);
    return [...this.actors.values()].filter(inUse).length + this.orphans.count;
  }

  /** Nothing runs, and nobody sleeps behind a port that would be closed. */
  get isUnused(): boolean {
    if (this.orphans.hasSleepers) return false;
    return this.runningCount === 0 && [...this.actors.values()].every(({ record }) => record.state !== 'quiesced');
  }

  view(key: BackendKey): BackendView {
    return this.viewOf(this.actor(key).record);
  }

  /** Also of a backend that was forgotten a moment ago. */
  viewOf(record: BackendRecord): BackendView {
    const { key } = record;
    return viewOf({
      record,
      nowMs: this.ports.clock.nowMs(),
      spawnWait: this.actors.get(key)?.spawnWaitView,
      idle: this.idle.view(key),
      holds: this.holds.of(key),
      keepAwakeUntil: this.holds.keepAwakeUntil(key),
      expectation: this.ports.history.expectation(record.startId),
      wakesOn: this.folders.isTrusted(record.folder.path) ? this.routes.wakesOn(key) : undefined,
    });
  }

  /** What is looked at, in words; undefined for one that does not count down. */
  observed(key: BackendKey): string | undefined {
    return this.idle.observed(key);
  }

  /** What counted last; undefined for one that does not count down. */
  lastUse(key: BackendKey): LastUse | undefined {
    const use = this.idle.view(key)?.lastUse;
    const { clock } = this.ports;
    return use && { at: clock.wallMs() - (clock.nowMs() - use.atMs), what: use.what };
  }

  /** Evidence from outside that a backend may be ready: one that is starting is looked at once. */
  lookNow(key: BackendKey, reason: string): void {
    this.actors.get(key)?.lookNow(reason);
  }

  /** Of all folders: what has a process, or is asleep behind its port. */
  runningViews(): readonly BackendView[] {
    const records = [...this.actors.values()].map(({ record }) => record);
    const inUse = ({ running, state }: BackendRecord): boolean =>
      running || (state !== 'stopped' && state !== 'failed');
    return records.filter(inUse).map((record) => this.viewOf(record));
  }

  /** The record of a backend; throws `unknownBackend`. */
  record(key: BackendKey): BackendRecord {
    return this.actor(key).record;
  }

  has(key: BackendKey): boolean {
    return this.actors.has(key);
  }

  /** From now on nothing is started: what is stopped must stay so until this process has ended. */
  refuseStarts(reason: string): void {
    this.closing ??= reason;
  }

  start(key: BackendKey, request: StartRequest): Promise<void> {
    if (this.closing !== undefined) return Promise.reject(failures.brokerEnds(this.closing));
    return this.actor(key).start(request).done;
  }

  cancelStart(key: BackendKey): Promise<void> {
    return this.actor(key).cancelStart();
  }

  /** Dependents first, in waves; then the backend itself. */
  async stop(key: BackendKey, cause: string, force = false): Promise<void> {
    const { record } = this.actor(key);
    const siblings = this.folders.recordsOf(record.folder.path);
    const up = new Set(
      siblings.filter((sibling) => needing.includes(sibling.state)).map((sibling) => sibling.definition.name),
    );
    const definitions = siblings.map((sibling) => sibling.definition);
    const dependents = dependentsOf(definitions, record.definition.name).filter((name) => up.has(name));
    // All are announced at once: a dependent that is wanted again in between waits for the end of what it needs.
    const because = `"${record.definition.name}", which it depends on, is stopped`;
    const gone = this.stopInWaves(record.folder.path, dependents, because);
    const actor = this.actor(key);
    await actor.stop(
      cause,
      gone.then(async () => {
        if (force) await actor.kill();
        return true;
      }),
    );
    // It was kept awake until it is stopped.
    this.holds.releaseKeepAwake(key);
  }

  ignoreLeftovers(key: BackendKey): Promise<void> {
    this.actor(key).ignoreLeftovers();
    return Promise.resolve();
  }

  async restart(key: BackendKey, request: StartRequest): Promise<void> {
    // Clients that come in between wait for the new process.
    await this.routes.keepThrough(this.record(key), async () => {
      await this.actor(key).stop('restart');
      await this.start(key, request);
    });
  }

  sleepNow(key: BackendKey): Promise<void> {
    this.holds.releaseKeepAwake(key);
    return this.actor(key).sleep({ words: 'put to sleep by you', asked: true });
  }

  markActivity(key: BackendKey): void {
    this.actor(key);
    this.idle.markActivity(key, 'activity was reported for it');
  }

  async processTree(key: BackendKey): Promise<ProcessTreeResult> {
    const live = this.actor(key).record.live;
    if (live === undefined) return { pids: [], ports: [] };
    const pids = (await this.ports.processes.family(live.run)).map((member) => member.pid);
    return { pids, ports: await this.ports.net.listeningPorts(pids) };
  }

  /** Ends all of a folder gracefully, dependents before what they depend on, for as long as `goOn` says so. */
  async stopFolder(folderPath: string, cause: string, goOn: () => boolean): Promise<void> {
    const names = this.folders.recordsOf(folderPath).map((record) => record.definition.name);
    await this.stopInWaves(folderPath, names, cause, goOn);
  }

  /** The process ends now, whatever the graces say. */
  async killEverything(): Promise<void> {
    await Promise.allSettled([...this.actors.values()].map((actor) => actor.kill()));
  }

  async stopEverything(cause: string, goOn: () => boolean): Promise<void> {
    await Promise.all([
      ...this.folders.paths().map((path) => this.stopFolder(path, cause, goOn)),
      ...(goOn() ? [this.orphans.endAll()] : []),
    ]);
  }

  /** To be done before the first client is heard: what earlier brokers left behind goes on here. */
  takeOver(): Promise<void> {
    return this.orphans.takeOver();
  }

  /** Resolves when all that was taken over has its port again, or others have it. */
  async portsTaken(): Promise<void> {
    await Promise.allSettled([...this.actors.values()].map((actor) => actor.tookPort()));
  }

  dispose(): void {
    for (const actor of this.actors.values()) actor.dispose();
    this.store.dispose();
  }

  private actor(key: BackendKey): BackendActor {
    const actor = this.actors.get(key);
    if (actor === undefined)
      throw BackendFailure.of('unknownBackend', `There is no backend "${key.split('#').at(-1) ?? key}".`);
    return actor;
  }

  private added(record: BackendRecord): void {
    const actor = this.newActor(record);
    this.actors.set(record.key, actor);
    const { orphans, holds, ports } = this;
    inherit(actor, { orphans, holds, ports }, (name) => this.sibling(record, name)?.record);
  }

  private newActor(record: BackendRecord): BackendActor {
    return new BackendActor(record, this.ports, {
      budget: this.budget,
      bringDependencies: (dependent, request, cancel) =>
        bringDependencies({
          ...{ record: dependent, request, cancel, clock: this.ports.clock },
          find: (name) => this.sibling(dependent, name),
        }),
      missingDependencies: (dependent, request) =>
        missingDependencies({ record: dependent, request, find: (name) => this.sibling(dependent, name) }),
      takeTurn: (subject, cancel, waitsBehind) => this.turns.take(subject, cancel, waitsBehind),
      resolveLaunch: (subject, request) =>
        resolveLaunch(subject, request, this.ports, {
          find: (name) => this.sibling(subject, name)?.record,
          declaredPorts: () => this.declaredPorts(),
          isOurs: (port) => this.routes.owns(subject.key, port),
        }),
      backendOnPort: (port) =>
        [...this.actors.values()].find(({ record: other }) => this.holdsPort(other, port))?.record.key,
      whyAwake: (subject, look) => stayAwake(subject, look, this.holds, this.idle),
      oldRunsGone: (subject) => this.orphans.endedOf(subject.key),
      busyNow: (subject) => this.routes.busyWith(subject.key),
      closeGate: (subject) => this.routes.closeGate(subject.key),
      settle: (subject) => this.routes.settle(subject.key),
      takePublicPort: (subject, launch) => this.routes.take(subject, launch),
      isTrusted: (subject) => this.folders.isTrusted(subject.folder.path),
    });
  }

  private sibling(record: BackendRecord, name: string): BackendActor | undefined {
    return this.actors.get(backendKey(record.folder.path, name));
  }

  private declaredPorts(): ReadonlySet<number> {
    const ports = [...this.actors.values()].flatMap(({ record }) => [record.publicPort, record.live?.upstreamPort]);
    return new Set(ports.filter((port) => port !== undefined));
  }

  private stopInWaves(
    folderPath: string,
    names: readonly string[],
    cause: string,
    goOn?: () => boolean,
  ): Promise<void> {
    const siblings = this.folders.recordsOf(folderPath).map((record) => record.definition);
    const stop = (name: string, before: Promise<boolean>): Promise<void> | undefined =>
      this.actors.get(backendKey(folderPath, name))?.stop(cause, before);
    return stopInWaves(siblings, names, stop, goOn);
  }

  private holdsPort(record: BackendRecord, port: number): boolean {
    return this.routes.owns(record.key, port) || (record.running && record.publicPort === port);
  }

  private onDue({ key, configuredTimeoutMs }: IdleDue): void {
    const actor = this.actors.get(key);
    if (actor === undefined) return;
    const words = `nobody used it for ${formatDuration(configuredTimeoutMs)}`;
    void actor.sleep({ words, asked: false }).catch((error: unknown) => {
      if (error instanceof BackendFailure && error.code === 'cancelled')
        this.idle.markActivity(key, actor.record.lastVerdict ?? 'kept awake');
      else this.ports.logger.log('error', errorMessage(error));
    });
  }

  private recordChanged(record: BackendRecord): void {
    if (this.actors.get(record.key)?.record !== record) return;
    this.followIdle(record);
    followSleep(record, this.ports.guard);
    this.dependentHolds.follow(record);
    if (record.state === 'ready') this.lookAtDependents(record);
    this.routes.follow(record);
    this.folders.recordSettled(record);
    this.onChange(record.key);
  }

  private noteKeepAwake({ key, kind }: Hold): void {
    if (kind === 'keepAwake') this.ports.guard.keepAwake(key, this.holds.keepAwakeUntil(key));
  }

  private followIdle(record: BackendRecord): void {
    const subject = record.state === 'ready' ? idleSubject(record, this.ports) : undefined;
    if (subject !== undefined) this.idle.enter(subject);
    else if (record.state !== 'draining') this.idle.leave(record.key);
  }

  /** One that could not work without it may do so now. */
  private lookAtDependents({ folder, definition: { name } }: BackendRecord): void {
    for (const sibling of this.folders.recordsOf(folder.path)) {
      if (sibling.state !== 'starting' || !sibling.definition.dependsOn.includes(name)) continue;
      this.lookNow(sibling.key, `${name} is ready`);
    }
  }

  private forget(key: BackendKey): void {
    this.routes.close(key);
    this.idle.leave(key);
    this.holds.releaseOwnedBy(key);
    this.holds.releaseKeepAwake(key);
    this.dependentHolds.forget(key);
    const actor = this.actors.get(key);
    if (actor !== undefined) endSleep(actor.record, this.ports.guard);
    actor?.dispose();
    this.actors.delete(key);
  }
}
