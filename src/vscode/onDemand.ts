import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { commandIds } from '../ids';
import type { Logger } from '../base/logger';
import type { BackendKey, FolderDefinition } from '../model/backendDefinition';
import { logDirectory, logFileOf } from '../protocol/brokerPlaces';
import { AutoStart } from './autoStart';
import type { BackendActions } from './backendActions';
import type { BackendStore } from './backendStore';
import { commandTable, type CommandHandler } from './commands/commandTable';
import type { ConfigService } from './configService';
import { ConsentMemory, type KeyValueMemory } from './consentMemory';
import { DetailsTexts } from './details/detailsTexts';
import type { DetailsView } from './details/detailsView';
import { EarlyEnds } from './earlyEnds';
import { FailureMessages } from './failureMessages';
import { fileDigest } from './fileDigest';
import { LogTerminals } from './logTerminals';
import { showInformation } from './notifications';
import { StartProgress } from './progress';
import { StartReport } from './startReport';
import { BackendTaskTerminal } from './taskTerminal';
import { rowTooltip, type DetailsSource } from './tree/rowTooltip';
import { windowEnvironment } from './windowEnvironment';

export interface OnDemandPorts {
  readonly store: BackendStore;
  readonly actions: BackendActions;
  readonly config: ConfigService;
  readonly details: DetailsView;
  readonly detailsOf: DetailsSource;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Keeps what a person has agreed to. */
  readonly memory: KeyValueMemory;
  readonly stateDirectory: string;
}

/**
 * The half of the object graph that nobody needs before somebody does or asks something. Its code is a file of its own
 * in the package, so that opening a window does not wait for it.
 */
export class OnDemand implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly commands: ReadonlyMap<string, CommandHandler>;
  private readonly autoStart: AutoStart;
  private readonly texts: DetailsTexts;

  constructor(private readonly ports: OnDemandPorts) {
    const { store, actions, config, details, detailsOf, clock, logger, stateDirectory } = ports;
    const failures = new FailureMessages(actions);
    const earlyEnds = this.owned.add(new EarlyEnds(store, clock, (failed) => failures.show(failed)));
    const report = new StartReport(store, clock, logger);
    const consent = new ConsentMemory(ports.memory);
    this.autoStart = new AutoStart({
      ...{ store, actions, failures, report, consent },
      refreshConfig: () => config.refresh(),
      environment: windowEnvironment,
      digest: fileDigest,
      realPath: (path) => realpath(path).catch(() => undefined),
      ask: showInformation,
      showConfiguration: (key) => vscode.commands.executeCommand(commandIds.openConfig, { key, clicked: true }),
      log: (message) => logger.log('warn', message),
    });
    const fileOf = (key: BackendKey): string => logFileOf(logDirectory(stateDirectory), key);
    const logs = this.owned.add(new LogTerminals(store, detailsOf, clock, fileOf));
    this.texts = new DetailsTexts(store, detailsOf);
    const progress = new StartProgress(store, clock);
    this.commands = commandTable(
      { store, actions, config, failures, earlyEnds, logs, details, texts: this.texts, progress, report },
      { autoStart: this.autoStart, consent },
    );
  }

  runCommand(id: string, first: unknown, second: unknown): unknown {
    return this.commands.get(id)?.(first, second);
  }

  runAutoStart(folders: readonly FolderDefinition[], openedAtWallMs: number): Promise<void> {
    return this.autoStart.run(folders, openedAtWallMs);
  }

  rowTooltip(key: BackendKey): Promise<vscode.MarkdownString | undefined> {
    return rowTooltip(key, this.ports.store, this.ports.detailsOf);
  }

  detailsDocument(key: BackendKey): Promise<string> {
    return this.texts.document(key);
  }

  taskTerminal(backend: string): vscode.Pseudoterminal {
    const { store, actions, config } = this.ports;
    return new BackendTaskTerminal(backend, store, actions, (view) => config.fileOf(view));
  }

  dispose(): void {
    this.owned.dispose();
  }
}
