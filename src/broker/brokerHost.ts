/** Joins clients and supervisor: sessions come and go, changes are told in batches, the end is orderly. */
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { errorMessage } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { LogLevel } from '../base/logger';
import type { BackendKey } from '../model/backendDefinition';
import type { BackendView } from '../model/snapshot';
import { rpcOver } from '../protocol/rpc';
import { ClientSession, type SessionHost } from './clientSession';
import type { BrokerPorts } from './ports';
import type { Sensors } from './sensors';
import { Supervisor } from './supervisor';

export interface BrokerIdentity {
  readonly token: string;
  readonly buildId: string;
  readonly inProcess: boolean;
}

/** Changes within one frame are one message. */
const flushMs = 15;
/** The host of an in-process broker is ended 5 s after it was told: what has not stopped by then is killed before. */
const inProcessGraceMs = 3_500;

export class BrokerHost implements SessionHost, Disposable {
  readonly supervisor: Supervisor;
  private readonly sessions = new Set<ClientSession>();
  private readonly dirty = new Set<BackendKey>();
  private readonly graceTimers = new Map<string, Disposable>();
  private flushTimer: Disposable | undefined;
  /** Views made during one flush. */
  private views: Map<BackendKey, BackendView> | undefined;
  private exitTimer: Disposable | undefined;
  private ending: Promise<void> | undefined;

  constructor(
    readonly ports: BrokerPorts,
    sensors: Sensors,
    private readonly identity: BrokerIdentity,
    /** Called when nobody needs this broker any more, after everything is stopped. */
    private readonly onDone: (reason: string) => void,
  ) {
    this.supervisor = new Supervisor(ports, sensors, (key) => this.changed(key));
    this.considerExit();
  }

  get token(): string {
    return this.identity.token;
  }

  get buildId(): string {
    return this.identity.buildId;
  }

  get inProcess(): boolean {
    return this.identity.inProcess;
  }

  accept(stream: Duplex): void {
    // Errors of a stream are followed by its close, which ends the session.
    stream.on('error', () => {});
    this.exitTimer?.dispose();
    this.sessions.add(new ClientSession(randomUUID(), rpcOver(stream), this, (session) => this.closed(session)));
  }

  broadcastLog(level: LogLevel, message: string): void {
    for (const session of this.sessions) session.log(level, message);
  }

  tellRemoved(keys: readonly BackendKey[]): void {
    for (const key of keys) this.changed(key);
  }

  /** Tells all clients at once what changed; called before an answer is sent. */
  flush(): void {
    this.flushTimer?.dispose();
    this.flushTimer = undefined;
    const keys = [...this.dirty];
    this.dirty.clear();
    if (keys.length === 0) return;
    this.views = new Map();
    for (const session of this.sessions)
      session.tell(keys.filter((key) => session.watches(key.slice(0, key.lastIndexOf('#')))));
    this.views = undefined;
  }

  view(key: BackendKey): BackendView {
    const view = this.views?.get(key) ?? this.supervisor.view(key);
    this.views?.set(key, view);
    return view;
  }

  /** A folder nobody has open any more is stopped after the grace: a reload is back before. */
  foldersChanged(): void {
    for (const path of this.supervisor.folders.paths()) {
      if (this.supervisor.folders.isHeld(path)) this.cancelGrace(path);
      else if (!this.graceTimers.has(path)) {
        const timer = this.ports.clock.setTimer(this.supervisor.reconnectGraceMs, () => void this.endFolder(path));
        this.graceTimers.set(path, timer);
      }
    }
    this.considerExit();
  }

  /** Makes room for another build, if nothing runs or sleeps here. */
  retire(): boolean {
    if (!this.supervisor.isUnused) return false;
    this.supervisor.refuseStarts('another build of Local Backends takes over');
    // The answer goes out first.
    this.ports.clock.setTimer(0, () => void this.end('another build of Local Backends takes over'));
    return true;
  }

  /** Stops everything gracefully, tells the clients, and is done. Shared by all who ask. */
  end(reason: string): Promise<void> {
    this.supervisor.refuseStarts(reason);
    this.ending ??= this.endOnce(reason);
    return this.ending;
  }

  dispose(): void {
    for (const timer of this.graceTimers.values()) timer.dispose();
    this.flushTimer?.dispose();
    this.exitTimer?.dispose();
    for (const session of [...this.sessions]) session.dispose();
    this.supervisor.dispose();
  }

  private async endOnce(reason: string): Promise<void> {
    this.ports.logger.log('info', `the broker ends: ${reason}`);
    const hurry =
      this.identity.inProcess &&
      this.ports.clock.setTimer(inProcessGraceMs, () => void this.supervisor.killEverything());
    await this.stopFolders(reason, () => true);
    if (hurry !== false) hurry.dispose();
    this.flush();
    for (const session of this.sessions) session.goingAway(reason);
    this.onDone(reason);
  }

  private changed(key: BackendKey): void {
    this.dirty.add(key);
    this.flushTimer ??= this.ports.clock.setTimer(flushMs, () => this.flush());
  }

  private closed(session: ClientSession): void {
    this.sessions.delete(session);
    session.dispose();
    this.supervisor.holds.releaseOwnedBy(session.id);
    this.supervisor.folders.release(session.id);
    this.foldersChanged();
  }

  private async endFolder(path: string): Promise<void> {
    this.cancelGrace(path);
    // A window may come back while the backends are being stopped.
    const isUnheld = (): boolean => !this.supervisor.folders.isHeld(path);
    await this.supervisor
      .stopFolder(path, 'no window has the folder open any more', isUnheld)
      .catch((error: unknown) => this.ports.logger.log('error', errorMessage(error)));
    if (isUnheld()) this.supervisor.folders.drop(path);
    this.considerExit();
  }

  private cancelGrace(path: string): void {
    this.graceTimers.get(path)?.dispose();
    this.graceTimers.delete(path);
  }

  private considerExit(): void {
    this.exitTimer?.dispose();
    this.exitTimer = undefined;
    if (this.identity.inProcess || this.sessions.size > 0 || this.ending !== undefined) return;
    this.exitTimer = this.ports.clock.setTimer(this.supervisor.reconnectGraceMs, () => {
      if (this.sessions.size === 0) void this.endUnlessWanted('the last client has been gone for the reconnect grace');
    });
  }

  /** Stopping may take its time; whoever connects meanwhile keeps this broker, and what was not yet stopped. */
  private async endUnlessWanted(reason: string): Promise<void> {
    const isUnwanted = (): boolean => this.sessions.size === 0;
    await this.stopFolders(reason, isUnwanted);
    if (isUnwanted()) await this.end(reason);
  }

  private async stopFolders(reason: string, goOn: () => boolean): Promise<void> {
    await this.supervisor
      .stopEverything(reason, goOn)
      .catch((error: unknown) => this.ports.logger.log('error', errorMessage(error)));
  }
}
