import * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from '../api';
import { errorMessage } from '../base/errors';
import { Emitter, type Event } from '../base/event';
import { DisposableStore } from '../base/lifecycle';
import { within } from '../base/within';
import type { FolderDefinition } from '../model/backendDefinition';
import { recordDirectory } from '../protocol/brokerPlaces';
import { createSystemClock } from '../platform/systemClock';
import { BackendActions } from './backendActions';
import { BackendStore } from './backendStore';
import { BrokerWatch } from './brokerWatch';
import { BrokerStatus } from './brokerStatus';
import { createBrokerLink, userStateDirectory } from './createBrokerLink';
import { registerCommands } from './commands/registerCommands';
import { ConfigService, type WorkspaceConfig } from './configService';
import { ContextKeys } from './contextKeys';
import { DebugHolds } from './debugHolds';
import { DetailsView } from './details/detailsView';
import { detailsSource } from './detailsSource';
import { EventLog } from './eventLog';
import { ExportedApi } from './exportedApi';
import { LogChannel } from './logChannel';
import type { OnDemand } from './onDemand';
import { StatusBar } from './statusBar';
import { BackendTaskProvider } from './taskProvider';
import { BackendsTreeView } from './tree/backendsTreeView';
import { followTrust } from './trust';
import { windowEnvironment } from './windowEnvironment';

/** A broker that does not answer must not keep the extension from activating. */
const connectDeadlineMs = 1_500;

export interface Services {
  readonly api: LocalBackendsApiV1;
  /** Stops what would otherwise die with this process: the backends of a broker inside it. */
  end(): Promise<void>;
}

/** Builds the whole object graph, once, and reads the configuration; everything ends with the subscriptions. */
export async function createServices(context: vscode.ExtensionContext): Promise<Services> {
  const owned = new DisposableStore();
  context.subscriptions.push(owned);
  const clock = createSystemClock();
  const openedAtWallMs = clock.wallMs();
  const log = owned.add(new LogChannel());
  const store = owned.add(new BackendStore(clock));
  const link = owned.add(createBrokerLink(context, clock, log));
  owned.add(link.onBackendsChanged((change) => store.apply(change)));
  owned.add(link.onLog(({ level, message }) => log.log(level, message)));

  const publish = async ({ folders, settings }: WorkspaceConfig): Promise<void> => {
    store.setFolders(folders);
    await link.setWorkspace({ folders, settings }).catch((error: unknown) => {
      // A lost broker is told where it is noticed; the workspace is repeated to the next one.
      log.log('debug', `the broker was not told of the configuration: ${errorMessage(error)}`);
    });
  };
  const config = owned.add(new ConfigService(clock, log, publish));
  // Side by side, while the rest is built: after a reload the broker counts the seconds until somebody is back.
  const configured = config.refresh();
  const connected = link.connectExisting().catch((error: unknown) => log.log('warn', errorMessage(error)));
  const actions = new BackendActions({
    link,
    store,
    refreshConfig: () => config.refresh(),
    environment: windowEnvironment,
  });
  const detailsOf = detailsSource(link, actions, clock);
  const onDemand = askedOnce(async (): Promise<OnDemand> => {
    const loaded = await import('./onDemand');
    const ports = { store, actions, config, details, detailsOf, clock, logger: log };
    return owned.add(
      new loaded.OnDemand({ ...ports, memory: context.globalState, stateDirectory: userStateDirectory() }),
    );
  });
  const details = owned.add(new DetailsView(store, async (key) => (await onDemand()).detailsDocument(key)));
  owned.add(registerCommands(async (id, first, second) => (await onDemand()).runCommand(id, first, second)));
  owned.add(new BackendsTreeView(store, config, clock, async (key) => (await onDemand()).rowTooltip(key)));
  const statusBar = owned.add(new StatusBar(store, clock));
  owned.add(new BrokerStatus(link, store, statusBar, log));
  const watched = { link, recordDirectory: recordDirectory(userStateDirectory()), onDidFocus: focusOf(owned) };
  const brokerWatch = owned.add(new BrokerWatch({ ...watched, clock, logger: log }));
  owned.add(new BackendTaskProvider(store, async (backend) => (await onDemand()).taskTerminal(backend)));
  owned.add(new DebugHolds(store, actions, log));
  owned.add(new ContextKeys(store, config));
  owned.add(new EventLog(store, log));
  const exported = owned.add(new ExportedApi(store, actions, clock));

  await configured;
  await within(clock, connectDeadlineMs, connected);
  const autoStart = async (folders: readonly FolderDefinition[]): Promise<void> => {
    const isWanted = folders.some(({ backends }) => backends.some((backend) => backend.autoStart));
    if (isWanted) await (await onDemand()).runAutoStart(folders, openedAtWallMs);
  };
  // What nobody waits for comes after: other extensions activate meanwhile.
  const afterwards = (): void => {
    statusBar.looked();
    void brokerWatch.begin();
    owned.add(followTrust(config, log, autoStart));
  };
  owned.add(clock.setTimer(0, afterwards));
  return { api: exported.version1(), end: () => link.end() };
}

/** The person comes back to this window. */
function focusOf(owned: DisposableStore): Event<void> {
  const focus = owned.add(new Emitter<void>());
  owned.add(vscode.window.onDidChangeWindowState(({ focused }) => (focused ? focus.fire() : undefined)));
  return focus.event;
}

/** Makes it when it is asked for; a failure is not kept. */
function askedOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
