import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { Emitter, type Event } from '../base/event';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { isComplete, keepVanished } from '../config/keepVanished';
import { parseBackendsFile } from '../config/parse';
import { configFileName } from '../ids';
import type { FolderDefinition } from '../model/backendDefinition';
import type { BackendView } from '../model/snapshot';
import type { BrokerSettings } from '../protocol/messages';
import { ConfigDiagnostics } from './configDiagnostics';
import { troubleOf, type FileTrouble, type TextTrouble } from './fileTrouble';
import { withDistinctNames } from './folderNames';
import { readConfigFile, type ConfigRead } from './configFile';
import { brokerSettings, folderSettings, settingsSection } from './settings';

export interface ConfigFile {
  readonly uri: vscode.Uri;
  readonly exists: boolean;
  readonly workspaceFolder: vscode.WorkspaceFolder;
  readonly folder: FolderDefinition;
  /** Set while it cannot be read as a whole. */
  readonly trouble?: FileTrouble;
}

export interface WorkspaceConfig {
  readonly folders: readonly FolderDefinition[];
  readonly settings: BrokerSettings;
}

interface ReadFile {
  readonly backends: FolderDefinition['backends'];
  readonly trouble: TextTrouble | undefined;
}

/** An editor writes a file in several steps; they are read once, after the last. */
const debounceMs = 40;

/**
 * Reads `.vscode/backends.json` of every workspace folder, again whenever one changes, and tells it only when
 * something is different. Files of an untrusted workspace are read too: their backends are shown, not started.
 */
export class ConfigService implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new Emitter<WorkspaceConfig>());
  private readonly troubleChanges = this.owned.add(new Emitter<void>());
  private readonly diagnostics = this.owned.add(new ConfigDiagnostics());
  private known: readonly ConfigFile[] = [];
  /** By folder: what its file declared when it could last be read completely. */
  private readonly lastComplete = new Map<string, FolderDefinition['backends']>();
  private readonly settingsLogger: Logger;
  private told = '';
  private toldTroubles = '';
  private reading: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private debounce: Disposable | undefined;

  readonly onDidChange: Event<WorkspaceConfig> = this.changes.event;
  readonly onDidChangeTroubles: Event<void> = this.troubleChanges.event;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    /** Told before anybody else, and awaited: a start that follows a refresh finds the new definitions at the broker. */
    private readonly publish: (config: WorkspaceConfig) => Promise<void>,
  ) {
    this.owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.soon()));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.soon()));
    this.owned.add(vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)));
    this.owned.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingsSection)) this.soon();
      }),
    );
    this.settingsLogger = sayingOnce(logger);
    this.watchFiles();
  }

  get files(): readonly ConfigFile[] {
    return this.known;
  }

  get troubles(): readonly FileTrouble[] {
    const names = new Map(uniqueFolders(this.known).map(({ path: of, name }) => [of, name]));
    return this.known.flatMap(({ trouble, folder }) =>
      trouble === undefined ? [] : { ...trouble, folder: names.get(folder.path) ?? trouble.folder },
    );
  }

  get folderCount(): number {
    return this.known.length;
  }

  /** Path of the file that declares the backend; the first one where it is declared nowhere. */
  fileOf(view: BackendView | undefined): string {
    const file = this.known.find(({ folder }) => folder.path === view?.folderPath) ?? this.known[0];
    return file?.uri.fsPath ?? path.resolve(configFileName);
  }

  /** Reads everything again. What was on disk when this was called counts by the time it resolves. */
  refresh(): Promise<void> {
    if (this.reading === undefined) return this.begin();
    this.next ??= this.reading.then(() => {
      this.next = undefined;
      return this.begin();
    });
    return this.next;
  }

  dispose(): void {
    this.debounce?.dispose();
    this.owned.dispose();
  }

  private begin(): Promise<void> {
    this.reading = this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async read(): Promise<void> {
    const localFolders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
    this.known = await Promise.all(localFolders.map((folder) => this.readFolder(folder)));
    this.diagnostics.keepOnly(this.known.map((file) => file.uri));
    this.tellTroubles();
    const config = { folders: uniqueFolders(this.known), settings: brokerSettings(this.settingsLogger) };
    const signature = JSON.stringify([config, this.known.map((file) => file.exists)]);
    if (signature === this.told || this.owned.isDisposed) return;
    this.told = signature;
    await this.publish(config);
    this.changes.fire(config);
  }

  private async readFolder(workspaceFolder: vscode.WorkspaceFolder): Promise<ConfigFile> {
    const uri = vscode.Uri.joinPath(workspaceFolder.uri, configFileName);
    const [folderPath, read] = await Promise.all([
      // The real path is the identity: two windows that came by different links mean the same backends.
      fs.realpath(workspaceFolder.uri.fsPath).catch(() => workspaceFolder.uri.fsPath),
      readConfigFile(uri.fsPath),
    ]);
    const { backends, trouble } = this.parse(uri, folderPath, read);
    const folder: FolderDefinition = {
      path: folderPath,
      name: workspaceFolder.name,
      trusted: vscode.workspace.isTrusted,
      ...folderSettings(workspaceFolder, this.settingsLogger),
      backends,
    };
    const file = { uri, exists: read.kind !== 'missing', workspaceFolder, folder };
    if (trouble === undefined) return file;
    return { ...file, trouble: { filePath: uri.fsPath, folder: workspaceFolder.name, ...trouble } };
  }

  private parse(uri: vscode.Uri, folderPath: string, read: ConfigRead): ReadFile {
    const before = this.lastComplete.get(folderPath) ?? [];
    if (read.kind === 'text') {
      const parsed = parseBackendsFile(read.text, { folderPath });
      this.diagnostics.show(uri, read.text, parsed.problems);
      const trouble = troubleOf(read.text, parsed);
      if (!isComplete(parsed)) return { backends: keepVanished(parsed.backends, before), trouble };
      this.lastComplete.set(folderPath, parsed.backends);
      return { backends: parsed.backends, trouble };
    }
    if (read.kind === 'unusable') {
      this.diagnostics.showWholeFile(uri, read.reason);
      return { backends: keepVanished([], before), trouble: { message: read.reason, keepsBefore: true } };
    }
    this.diagnostics.clear(uri);
    this.lastComplete.delete(folderPath);
    return { backends: [], trouble: undefined };
  }

  private tellTroubles(): void {
    const told = JSON.stringify([this.troubles, this.folderCount]);
    if (told === this.toldTroubles || this.owned.isDisposed) return;
    this.toldTroubles = told;
    this.troubleChanges.fire();
  }

  private watchFiles(): void {
    // The folder too: when it is removed as a whole, nothing is told of the file inside. A pattern that is relative to a
    // folder would have VS Code watch all of that folder once more.
    const pattern = `**/{${path.posix.dirname(configFileName)},${configFileName}}`;
    const watcher = this.owned.add(vscode.workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
      this.owned.add(event(() => this.soon()));
    }
  }

  private saved(document: vscode.TextDocument): void {
    if (this.known.some((file) => file.uri.toString() === document.uri.toString())) this.soon();
  }

  private soon(): void {
    this.debounce?.dispose();
    this.debounce = this.clock.setTimer(debounceMs, () => {
      this.refresh().catch((error: unknown) =>
        this.logger.log('error', `reading the configuration failed: ${String(error)}`),
      );
    });
  }
}

/** The same folder opened twice (through a link) declares its backends once. */
function uniqueFolders(files: readonly ConfigFile[]): readonly FolderDefinition[] {
  const byPath = new Map<string, FolderDefinition>();
  for (const { folder } of files) if (!byPath.has(folder.path)) byPath.set(folder.path, folder);
  return withDistinctNames([...byPath.values()]);
}

/** The settings are read with every start; what is wrong with them is told once. */
function sayingOnce(logger: Logger): Logger {
  const said = new Set<string>();
  return {
    log: (level, message) => {
      if (said.has(message)) return;
      said.add(message);
      logger.log(level, message);
    },
  };
}
