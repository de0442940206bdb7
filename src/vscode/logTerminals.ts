import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import type { BackendKey } from '../model/backendDefinition';
import { plainText } from '../model/plainText';
import { shownName } from '../model/statusPresentation';
import type { BackendStore } from './backendStore';
import { LogTerminal } from './logTerminal';
import { resolveBackend } from './resolveBackend';
import type { DetailsSource } from './tree/rowTooltip';

const openDeadlineMs = 3_000;

interface OpenLog {
  readonly terminal: vscode.Terminal;
  readonly pty: LogTerminal;
}

/** One terminal a backend, made when its log is asked for and used again until the person closes it. */
export class LogTerminals implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly open = new Map<BackendKey, OpenLog>();

  constructor(
    private readonly store: BackendStore,
    private readonly detailsOf: DetailsSource,
    private readonly clock: Clock,
    private readonly logFileOf: (key: BackendKey) => string,
  ) {
    this.owned.add(vscode.window.onDidCloseTerminal((terminal) => this.closed(terminal)));
    this.owned.add(toDisposable(() => [...this.open.values()].forEach(({ terminal }) => terminal.dispose())));
  }

  async show(key: BackendKey): Promise<void> {
    await this.shown(key);
  }

  /** Asks which lines to show; given a text, nobody is asked. */
  async filter(key: BackendKey, text?: string): Promise<void> {
    const { pty } = await this.shown(key);
    await pty.filter(text ?? (await askFilter(pty.filterText)) ?? pty.filterText);
  }

  /** Opens the file itself in an editor; false when there was no output yet. */
  async showFile(key: BackendKey): Promise<boolean> {
    const file = (await this.detailsOf(key))?.logFile ?? this.logFileOf(key);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (!exists) return false;
    await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
    // It is written to all the time: a person's change would be lost, or lose what comes.
    await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
    return true;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async shown(key: BackendKey): Promise<OpenLog> {
    const log = this.inFront(this.open.get(key)) ?? this.inFront(this.create(key));
    if (log === undefined) throw new Error('The terminal was closed while it was opened.');
    const { pty } = log;
    // A window without a panel never opens it; a command must not wait for that.
    const late = new DisposableStore();
    await Promise.race([pty.opened, new Promise<void>((done) => late.add(this.clock.setTimer(openDeadlineMs, done)))]);
    late.dispose();
    return log;
  }

  /** One that was closed a moment ago cannot be shown any more; the event comes later. */
  private inFront(log: OpenLog | undefined): OpenLog | undefined {
    try {
      log?.terminal.show(true);
      return log;
    } catch {
      return undefined;
    }
  }

  private create(key: BackendKey): OpenLog {
    const views = this.store.views();
    const name = plainText(shownName(resolveBackend(views, key), views));
    const pty = new LogTerminal(key, name, this.store, this.detailsOf, this.clock, this.logFileOf(key));
    const terminal = vscode.window.createTerminal({
      name,
      iconPath: new vscode.ThemeIcon('server-process'),
      isTransient: true,
      pty,
    });
    const opened = { terminal, pty };
    this.open.set(key, opened);
    return opened;
  }

  private closed(terminal: vscode.Terminal): void {
    for (const [key, known] of this.open) if (known.terminal === terminal) this.open.delete(key);
  }
}

function askFilter(value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Filter Log',
    prompt: 'Show only matching lines. Empty shows all again, and so does Escape in the log.',
    placeHolder: 'text, !not this text, another text',
    value,
  });
}
