import type { Disposable } from '../base/lifecycle';
import type { BackendKey } from '../model/backendDefinition';
import { saysWhereThePortGoes } from '../config/gatewayOf';
import type { BackendDetails, BackendView, HoldKind } from '../model/snapshot';
import { BackendFailure } from '../protocol/backendFailure';
import type { BrokerLink } from '../protocol/brokerLink';
import { requests, type ProcessTreeResult, type SignalProcessParams, type StartOrigin } from '../protocol/messages';
import type { BackendStore } from './backendStore';
import { shownName } from '../model/statusPresentation';
import { resolveBackend } from './resolveBackend';

export type ActionLink = Pick<BrokerLink, 'request' | 'hold' | 'connectExisting'>;

export interface ActionPorts {
  readonly link: ActionLink;
  readonly store: BackendStore;
  /** Reads the configuration files again, so that what was just saved counts. */
  readonly refreshConfig: () => Promise<void>;
  /** The environment of this window, scrubbed of what the editor put there. */
  readonly environment: () => Readonly<Record<string, string>>;
}

/**
 * Everything that can be done with a backend, for commands, tasks and the API alike. Each promise settles
 * when it is so, and the store shows the outcome by then. They reject with a {@link BackendFailure}.
 */
export class BackendActions {
  constructor(private readonly ports: ActionPorts) {}

  /** Finds a backend by name, `folder/name` or key; the files are read again before it is called unknown. */
  async resolve(name: string): Promise<BackendView> {
    try {
      return resolveBackend(this.ports.store.views(), name);
    } catch {
      await this.ports.refreshConfig();
      return resolveBackend(this.ports.store.views(), name);
    }
  }

  /** Whether the definition says where the port goes, so that another one would be listened on. */
  canTakeAnotherPort({ key }: BackendView): boolean {
    const definition = this.ports.store.definition(key)?.definition;
    return definition?.port !== undefined && saysWhereThePortGoes(definition);
  }

  /** With a free port instead of the declared one, for this run. */
  startOnAnotherPort(key: BackendKey): Promise<BackendView> {
    return this.startLike(requests.start, key, 'person', undefined, true);
  }

  /** `isAgreed` is asked after the files were read for the last time; without agreement it rejects as `cancelled`. */
  start(key: BackendKey, origin: StartOrigin, isAgreed?: () => Promise<boolean>): Promise<BackendView> {
    return this.startLike(requests.start, key, origin, isAgreed);
  }

  restart(key: BackendKey, origin: StartOrigin): Promise<BackendView> {
    return this.startLike(requests.restart, key, origin);
  }

  cancelStart(key: BackendKey): Promise<BackendView> {
    return this.outcome(this.ports.link.request(requests.cancelStart, { key }));
  }

  /** A backend that no running broker knows is stopped already: none is started to be told so. */
  async stop(key: BackendKey, cause: string): Promise<BackendView> {
    if (!(await this.isKnown(key))) return this.view(key);
    return this.outcome(this.ports.link.request(requests.stop, { key, cause }));
  }

  /** Kills what a stop has left, without a grace. */
  killLeftovers(key: BackendKey): Promise<BackendView> {
    const cause = 'what was left of it was killed';
    return this.outcome(this.ports.link.request(requests.stop, { key, cause, force: true }));
  }

  ignoreLeftovers(key: BackendKey): Promise<BackendView> {
    return this.outcome(this.ports.link.request(requests.ignoreLeftovers, { key }));
  }

  /** What runs in all folders of this user, those of other windows too; nothing when no broker runs. */
  async everywhere(): Promise<readonly BackendView[]> {
    if (!(await this.ports.link.connectExisting())) return [];
    return this.ports.link.request(requests.runningEverywhere, {});
  }

  /** Also a backend of a folder that this window does not have open. */
  async stopAnywhere(key: BackendKey, cause: string): Promise<void> {
    const view = await this.ports.link.request(requests.stop, { key, cause });
    if (this.ports.store.get(key) !== undefined) this.ports.store.apply({ changed: [view], removed: [] });
  }

  async sleepNow(key: BackendKey): Promise<BackendView> {
    await this.refuseUnknown(key, 'is not running, so it cannot be put to sleep');
    return this.outcome(this.ports.link.request(requests.sleepNow, { key }));
  }

  async keepAwake(key: BackendKey, durationMs?: number): Promise<BackendView> {
    await this.refuseUnknown(key, 'is not running, so it cannot be kept awake');
    const params = durationMs === undefined ? { key } : { key, durationMs };
    return this.outcome(this.ports.link.request(requests.keepAwake, params));
  }

  async releaseKeepAwake(key: BackendKey): Promise<BackendView> {
    if (!(await this.isKnown(key))) return this.view(key);
    return this.outcome(this.ports.link.request(requests.releaseKeepAwake, { key }));
  }

  async markActivity(key: BackendKey): Promise<void> {
    if (!this.ports.store.isKnownToBroker(key)) return;
    await this.ports.link.request(requests.markActivity, { key });
    this.restartCountdown(key);
  }

  hold(key: BackendKey, kind: HoldKind, reason: string): Disposable {
    return this.ports.link.hold({ key, kind, reason });
  }

  details(key: BackendKey): Promise<BackendDetails> {
    return this.ports.link.request(requests.details, { key });
  }

  async processTree(key: BackendKey): Promise<ProcessTreeResult> {
    if (!this.ports.store.isKnownToBroker(key)) return { pids: [] };
    return this.ports.link.request(requests.processTree, { key });
  }

  endProcess(target: SignalProcessParams): Promise<void> {
    return this.ports.link.request(requests.endProcess, target);
  }

  /** Another window may have started a broker since this one last looked. */
  private async isKnown(key: BackendKey): Promise<boolean> {
    if (!this.ports.store.isKnownToBroker(key)) await this.ports.link.connectExisting();
    return this.ports.store.isKnownToBroker(key);
  }

  private async refuseUnknown(key: BackendKey, why: string): Promise<void> {
    if (await this.isKnown(key)) return;
    const name = shownName(this.view(key), this.ports.store.views());
    throw BackendFailure.of('cancelled', `"${name}" ${why}.`, 'Start it first.');
  }

  private async startLike(
    type: typeof requests.start,
    key: BackendKey,
    origin: StartOrigin,
    isAgreed?: () => Promise<boolean>,
    anotherPort = false,
  ): Promise<BackendView> {
    await this.ports.refreshConfig();
    this.refuseHopeless(this.view(key));
    if (isAgreed !== undefined && !(await isAgreed())) {
      throw BackendFailure.of('cancelled', 'What would run has changed and was not agreed to.');
    }
    const environment = this.ports.environment();
    const wish = { key, origin, environment, ...(anotherPort ? { anotherPort } : {}) };
    return this.outcome(this.ports.link.request(type, wish));
  }

  /** What the broker would refuse anyway is said without starting one. The broker checks again. */
  private refuseHopeless(view: BackendView): void {
    const name = shownName(view, this.ports.store.views());
    if (this.ports.store.folderOf(view)?.trusted === false) {
      throw BackendFailure.of(
        'untrusted',
        `"${name}" is not started: this workspace is not trusted.`,
        'Trust the workspace (command "Workspaces: Manage Workspace Trust") and start it again.',
      );
    }
    if (view.problem !== undefined) {
      throw BackendFailure.of(
        'invalidConfig',
        `"${name}" cannot be started as it is written: ${view.problem}`,
        'Correct .vscode/backends.json; the Problems panel shows the place.',
      );
    }
  }

  /** The broker tells a countdown that moved only a little to nobody; who made it move sees it at once. */
  private restartCountdown(key: BackendKey): void {
    const view = this.ports.store.get(key);
    if (view?.state !== 'ready' || view.idle === undefined) return;
    const idle = { ...view.idle, remainingMs: view.idle.idleTimeoutMs };
    this.ports.store.apply({ changed: [{ ...view, idle }], removed: [] });
  }

  private view(key: BackendKey): BackendView {
    return this.ports.store.get(key) ?? resolveBackend(this.ports.store.views(), key);
  }

  private async outcome(request: Promise<BackendView>): Promise<BackendView> {
    const view = await request;
    this.ports.store.apply({ changed: [view], removed: [] });
    return this.ports.store.get(view.key) ?? view;
  }
}
