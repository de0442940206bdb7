/** A window as the broker sees it: a client with its folders and with what it is told. For tests with several of them. */
import { basename } from 'node:path';
import { parseBackendsFile } from '../../src/config/parse';
import { backendKey, type BackendKey, type FolderDefinition } from '../../src/model/backendDefinition';
import type { BackendDetails, BackendView } from '../../src/model/snapshot';
import type { BrokerLink, LinkStateChange } from '../../src/protocol/brokerLink';
import { requests, type BrokerSettings, type StartOrigin } from '../../src/protocol/messages';
import { ToldViews, type Wanted } from './toldViews';

export type Backends = Readonly<Record<string, object>>;

export class TestWindow {
  /** As in `localBackends.keepProcesses`, of all its folders. */
  keepProcesses: readonly string[] = [];
  private readonly toldViews = new ToldViews();
  readonly linkStates: LinkStateChange[] = [];
  /** What the broker wrote to its log while this window was connected. */
  readonly told: string[] = [];

  constructor(
    readonly link: BrokerLink,
    readonly folder: string,
    private readonly settings: BrokerSettings,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    link.onBackendsChanged((change) => this.toldViews.apply(change));
    link.onDidChangeState((change) => this.linkStates.push(change));
    link.onLog(({ message }) => this.told.push(message));
  }

  /** Told views by key; what was removed is not there. */
  get views(): ReadonlyMap<BackendKey, BackendView> {
    return this.toldViews.byKey;
  }

  declare(backends: Backends): Promise<void> {
    return this.open({ [this.folder]: backends });
  }

  /** Opens exactly these folders, with backends as written in `backends.json`. */
  async open(folders: Readonly<Record<string, Backends>>): Promise<void> {
    const definitions = Object.entries(folders).map(([path, backends]): FolderDefinition => {
      const parsed = parseBackendsFile(JSON.stringify({ backends }), { folderPath: path });
      const { backends: found } = parsed;
      const { keepProcesses } = this;
      const settings = { trusted: true, defaultIdleTimeoutMs: 900_000, keepProcesses };
      return { path, name: basename(path), ...settings, backends: found };
    });
    await this.link.setWorkspace({ folders: definitions, settings: this.settings });
  }

  key(name: string, folder = this.folder): BackendKey {
    return backendKey(folder, name);
  }

  start(
    name: string,
    options: { folder?: string; origin?: StartOrigin; environment?: object } = {},
  ): Promise<BackendView> {
    const environment = { ...this.environment, ...options.environment };
    const origin = options.origin ?? 'person';
    return this.link.request(requests.start, { key: this.key(name, options.folder), origin, environment });
  }

  restart(name: string): Promise<BackendView> {
    return this.link.request(requests.restart, {
      key: this.key(name),
      origin: 'person',
      environment: this.environment,
    });
  }

  stop(name: string, folder?: string): Promise<BackendView> {
    return this.link.request(requests.stop, { key: this.key(name, folder), cause: 'stopped by the test' });
  }

  cancelStart(name: string): Promise<BackendView> {
    return this.link.request(requests.cancelStart, { key: this.key(name) });
  }

  sleepNow(name: string): Promise<BackendView> {
    return this.link.request(requests.sleepNow, { key: this.key(name) });
  }

  details(name: string): Promise<BackendDetails> {
    return this.link.request(requests.details, { key: this.key(name) });
  }

  view(name: string, folder?: string): BackendView {
    const view = this.views.get(this.key(name, folder));
    if (view === undefined) throw new Error(`this window was told nothing of ${name}`);
    return view;
  }

  waitFor(name: string, wanted: Wanted, folder?: string): Promise<BackendView> {
    return this.toldViews.waitFor(this.key(name, folder), wanted);
  }
}
