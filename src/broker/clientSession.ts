/** One connected client: greets it, carries out its requests, tells it what changes in its folders. */
import { timingSafeEqual } from 'node:crypto';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { LogLevel } from '../base/logger';
import { within } from '../base/within';
import type { BackendKey } from '../model/backendDefinition';
import { holdReason } from '../model/holdWords';
import type { BackendView } from '../model/snapshot';
import { BackendFailure } from '../protocol/backendFailure';
import {
  notifications,
  protocolVersion,
  requests,
  type HelloParams,
  type HelloResult,
  type StartParams,
} from '../protocol/messages';
import type { RequestType, RpcConnection } from '../protocol/rpcConnection';
import { detailsOf } from './detailsOf';
import { ChangeOutbox, LogOutbox } from './outbox';
import type { BrokerPorts } from './ports';
import type { StartRequest } from './startRequest';
import type { Supervisor } from './supervisor';

/** What a session needs of the broker around it. */
export interface SessionHost {
  readonly supervisor: Supervisor;
  readonly ports: BrokerPorts;
  readonly token: string;
  readonly buildId: string;
  readonly inProcess: boolean;
  /** Tells all clients at once what changed. */
  flush(): void;
  /** A backend as it is now; made once for all whom a flush tells of it. */
  view(key: BackendKey): BackendView;
  tellRemoved(keys: readonly BackendKey[]): void;
  foldersChanged(): void;
  retire(): boolean;
}

const greetingDeadlineMs = 10_000;
const portsWaitMs = 2_000;

export class ClientSession implements Disposable {
  private readonly store = new DisposableStore();
  private readonly holdIds = new Map<string, string>();
  private folders: ReadonlySet<string> = new Set();
  private greeted = false;
  private readonly greeting: Disposable;
  private readonly changes = new ChangeOutbox((keys) => this.sendChanges(keys));
  private readonly lines = new LogOutbox((line) => this.rpc.sendNotification(notifications.log, line));

  constructor(
    readonly id: string,
    private readonly rpc: RpcConnection,
    private readonly host: SessionHost,
    onClosed: (session: ClientSession) => void,
  ) {
    this.store.add(rpc.onClose(() => onClosed(this)));
    // Whoever connects and says nothing must not keep the broker alive.
    this.greeting = this.store.add(host.ports.clock.setTimer(greetingDeadlineMs, () => rpc.end()));
    this.handle(requests.hello, (params) => this.hello(params));
    this.registerWorkspace();
    this.registerRuns();
    this.registerIdle();
    this.registerLooks();
    rpc.listen();
  }

  /** Folders this client has open. */
  watches(folderPath: string): boolean {
    return this.folders.has(folderPath);
  }

  /** Something is different about these backends, or they are gone. */
  tell(keys: readonly BackendKey[]): void {
    if (this.greeted) this.changes.tell(keys);
  }

  log(level: LogLevel, message: string): void {
    if (this.greeted) this.lines.tell({ level, message });
  }

  goingAway(reason: string): void {
    if (!this.greeted) return;
    this.changes.sendNow();
    // A client that went away in this moment is handled by its close event.
    this.rpc.sendNotification(notifications.goingAway, { reason }).catch(() => {});
  }

  dispose(): void {
    this.store.dispose();
    this.rpc.dispose();
  }

  private hello(params: HelloParams): HelloResult {
    if (params.protocolVersion !== protocolVersion) {
      throw BackendFailure.of(
        'brokerUnavailable',
        `This broker speaks protocol ${protocolVersion}, the window speaks ${params.protocolVersion}.`,
        'Reload all windows after an update of Local Backends.',
      );
    }
    if (!sameSecret(params.token, this.host.token))
      throw BackendFailure.of('brokerUnavailable', 'The client did not present the secret of this broker.');
    this.greeted = true;
    this.store.delete(this.greeting);
    return {
      protocolVersion,
      buildId: this.host.buildId,
      brokerPid: process.pid,
      inProcess: this.host.inProcess,
      running: this.host.supervisor.runningCount,
    };
  }

  private registerWorkspace(): void {
    this.handle(requests.updateWorkspace, async ({ folders, settings }) => {
      const { supervisor } = this.host;
      this.folders = new Set(folders.map((folder) => folder.path));
      supervisor.applySettings(settings);
      const removed = supervisor.folders.declare(this.id, folders);
      this.host.tellRemoved(removed);
      this.host.foldersChanged();
      // Whoever is told that a backend is ready must not be refused at its port.
      await within(this.host.ports.clock, portsWaitMs, supervisor.portsTaken());
      this.flush();
      const keys = folders.flatMap((folder) => supervisor.folders.recordsOf(folder.path)).map((record) => record.key);
      return keys.map((key) => supervisor.view(key));
    });
    this.handle(requests.retire, () => this.host.retire());
  }

  private registerRuns(): void {
    const { supervisor } = this.host;
    const wish = ({ key, origin, environment, anotherPort = false }: StartParams): StartRequest => {
      const trusted = supervisor.folders.isTrusted(supervisor.record(key).folder.path, this.id);
      return { origin, environment, trusted, anotherPort };
    };
    this.handle(requests.start, (params) => this.then(params.key, () => supervisor.start(params.key, wish(params))));
    this.handle(requests.restart, (params) =>
      this.then(params.key, () => supervisor.restart(params.key, wish(params))),
    );
    this.handle(requests.cancelStart, ({ key }) => this.then(key, () => supervisor.cancelStart(key)));
    this.handle(requests.stop, ({ key, cause, force }) => this.then(key, () => supervisor.stop(key, cause, force)));
    this.handle(requests.ignoreLeftovers, ({ key }) => this.then(key, () => supervisor.ignoreLeftovers(key)));
    this.handle(requests.sleepNow, ({ key }) => this.then(key, () => supervisor.sleepNow(key)));
  }

  private registerIdle(): void {
    const { supervisor } = this.host;
    this.handle(requests.keepAwake, ({ key, durationMs }) => {
      supervisor.record(key);
      supervisor.holds.keepAwake(key, durationMs);
      return supervisor.view(key);
    });
    this.handle(requests.releaseKeepAwake, ({ key }) => {
      supervisor.record(key);
      supervisor.holds.releaseKeepAwake(key);
      return supervisor.view(key);
    });
    this.handle(requests.markActivity, ({ key }) => {
      supervisor.markActivity(key);
      this.flush();
    });
    this.handle(requests.hold, ({ key, holdId, kind, reason }) => {
      supervisor.record(key);
      const id = `${this.id} ${holdId}`;
      this.holdIds.set(holdId, id);
      // The words come from another program.
      supervisor.holds.place({ id, key, kind, reason: holdReason({ kind, reason }), owner: this.id });
    });
    this.handle(requests.releaseHold, ({ holdId }) => {
      const id = this.holdIds.get(holdId);
      this.holdIds.delete(holdId);
      if (id !== undefined) supervisor.holds.release(id);
    });
  }

  private registerLooks(): void {
    const { supervisor, ports } = this.host;
    this.handle(requests.details, async ({ key }) => {
      const record = supervisor.record(key);
      const { port, oneShot } = record.definition;
      const asksForPort = port === undefined && !oneShot && record.state === 'ready';
      const tree = asksForPort ? await supervisor.processTree(key).catch(() => undefined) : undefined;
      return detailsOf(record, supervisor.viewOf(record), ports, {
        observed: supervisor.observed(key),
        lastUse: supervisor.lastUse(key),
        listensOn: tree?.ports,
      });
    });
    this.handle(requests.runningEverywhere, () => supervisor.runningViews());
    this.handle(requests.processTree, ({ key }) => supervisor.processTree(key));
    this.handle(requests.endProcess, async ({ pid, startTime }) => {
      if (await ports.processes.endProcess(pid, startTime)) return;
      throw BackendFailure.of(
        'cancelled',
        `Process ${pid} was not ended: it is gone, or another process has its number now.`,
      );
    });
  }

  private async then(key: BackendKey, run: () => Promise<void>): Promise<BackendView> {
    // One that is no longer declared is forgotten when it has stopped; its last view is the answer.
    const record = this.host.supervisor.record(key);
    try {
      await run();
      return this.host.supervisor.viewOf(record);
    } finally {
      this.flush();
    }
  }

  private handle<P, R, E>(type: RequestType<P, R, E>, run: (params: P) => R | Promise<R>): void {
    const answer = async (params: P): Promise<R> => {
      if (!this.greeted && type.method !== requests.hello.method)
        throw BackendFailure.of('brokerUnavailable', 'The client has not greeted yet.');
      return await run(params);
    };
    this.store.add(this.rpc.onRequest(type, answer));
  }

  private sendChanges(keys: readonly BackendKey[]): Promise<void> {
    const { supervisor } = this.host;
    const changed = keys.filter((key) => supervisor.has(key)).map((key) => this.host.view(key));
    const removed = keys.filter((key) => !supervisor.has(key));
    return this.rpc.sendNotification(notifications.backendsChanged, { changed, removed });
  }

  /** What others see is told before an answer, so that whoever waits for it finds it true. */
  private flush(): void {
    this.host.flush();
    this.changes.sendNow();
  }
}

function sameSecret(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || given.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
