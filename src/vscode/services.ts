import * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from '../api';
import { errorMessage } from '../base/errors';
import { commandIds } from '../ids';
import { Emitter } from '../base/event';
import { DisposableStore } from '../base/lifecycle';
import { logDirectory, logFileOf, recordDirectory } from '../protocol/brokerPlaces';
import { createSystemClock } from '../platform/systemClock';
import { AutoStart } from './autoStart';
import { BackendActions } from './backendActions';
import { BackendStore } from './backendStore';
import { BrokerWatch } from './brokerWatch';
import { BrokerStatus } from './brokerStatus';
import { createBrokerLink, userStateDirectory } from './createBrokerLink';
import { registerCommands } from './commands/registerCommands';
import { ConfigService, type WorkspaceConfig } from './configService';
import { ConsentMemory } from './consentMemory';
import { ContextKeys } from './contextKeys';
import { DebugHolds } from './debugHolds';
import { DetailsView } from './details/detailsView';
import { detailsSource } from './detailsSource';
import { EventLog } from './eventLog';
import { ExportedApi } from './exportedApi';
import { FailureMessages } from './failureMessages';
import { fileDigest } from './fileDigest';
import { LogChannel } from './logChannel';
import { LogTerminals } from './logTerminals';
import { showInformation } from './notifications';
import { StartProgress } from './progress';
import { StartReport } from './startReport';
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
  const refreshConfig = (): Promise<void> => config.refresh();
  const actions = new BackendActions({ link, store, refreshConfig, environment: windowEnvironment });
  const failures = new FailureMessages(actions);
  const detailsOf = detailsSource(link, actions, clock);
  const logs = owned.add(
    new LogTerminals(store, detailsOf, clock, (key) => logFileOf(logDirectory(userStateDirectory()), key)),
  );
  const details = owned.add(new DetailsView(store, detailsOf));
  const progress = new StartProgress(store, clock);
  const report = new StartReport(store, clock, log);
  const consent = new ConsentMemory(context.globalState);
  const autoStart = new AutoStart({
    ...{ store, actions, failures, report, refreshConfig, consent },
    environment: windowEnvironment,
    digest: fileDigest,
    ask: showInformation,
    showConfiguration: (key) => vscode.commands.executeCommand(commandIds.openConfig, { key, clicked: true }),
    log: (message) => log.log('warn', message),
  });
  owned.add(
    registerCommands({ store, actions, config, failures, logs, details, progress, report }, { autoStart, consent }),
  );
  owned.add(new BackendsTreeView(store, clock, detailsOf));
  const statusBar = owned.add(new StatusBar(store, clock));
  owned.add(new BrokerStatus(link, store, statusBar, log));
  const focus = owned.add(new Emitter<void>());
  owned.add(vscode.window.onDidChangeWindowState(({ focused }) => (focused ? focus.fire() : undefined)));
  const watched = { link, recordDirectory: recordDirectory(userStateDirectory()), onDidFocus: focus.event };
  const brokerWatch = owned.add(new BrokerWatch({ ...watched, clock, logger: log }));
  owned.add(new BackendTaskProvider(store, actions, (view) => config.fileOf(view)));
  owned.add(new DebugHolds(store, actions, log));
  owned.add(new ContextKeys(store, config));
  owned.add(new EventLog(store, log));
  const exported = owned.add(new ExportedApi(store, actions, clock));

  // Side by side: after a reload the broker counts the seconds until somebody is back.
  const connected = link.connectExisting().catch((error: unknown) => log.log('warn', errorMessage(error)));
  await config.refresh();
  await within(connectDeadlineMs, clock, connected);
  void brokerWatch.begin();
  owned.add(followTrust(config, log, (folders) => autoStart.run(folders, openedAtWallMs)));
  return { api: exported.version1(), end: () => link.end() };
}

/** Waits for `work`, but not longer than `deadlineMs`. */
async function within(
  deadlineMs: number,
  clock: ReturnType<typeof createSystemClock>,
  work: Promise<unknown>,
): Promise<void> {
  const owned = new DisposableStore();
  const late = new Promise<void>((resolve) => owned.add(clock.setTimer(deadlineMs, resolve)));
  await Promise.race([work, late]);
  owned.dispose();
}
