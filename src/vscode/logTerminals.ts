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

/** One terminal a backend, made when its log is asked for and used again until the person closes it. */
export class LogTerminals implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly open = new Map<BackendKey, { readonly terminal: vscode.Terminal; readonly pty: LogTerminal }>();

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
    const { terminal, pty } = this.open.get(key) ?? this.create(key);
    terminal.show(true);
    // A window without a panel never opens it; a command must not wait for that.
    const late = new DisposableStore();
    await Promise.race([pty.opened, new Promise<void>((done) => late.add(this.clock.setTimer(openDeadlineMs, done)))]);
    late.dispose();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private create(key: BackendKey): { readonly terminal: vscode.Terminal; readonly pty: LogTerminal } {
    const views = this.store.views();
    const name = shownName(resolveBackend(views, key), views);
    const pty = new LogTerminal(key, name, this.store, this.detailsOf, this.clock, this.logFileOf(key));
    const terminal = vscode.window.createTerminal({
      name: plainText(name),
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
