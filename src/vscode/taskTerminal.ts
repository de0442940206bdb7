import * as vscode from 'vscode';
import { DisposableStore } from '../base/lifecycle';
import { plainText } from '../model/plainText';
import type { BackendView } from '../model/snapshot';
import type { BackendActions } from './backendActions';
import type { BackendStore } from './backendStore';
import { failureOf } from './failureOf';
import { failureLines, readyLine, startingLine } from './taskLines';

/** What the task writes is read by the problem matcher: both lines come always, for a running backend too. */
export class BackendTaskTerminal implements vscode.Pseudoterminal {
  private readonly owned = new DisposableStore();
  private readonly writes = this.owned.add(new vscode.EventEmitter<string>());
  private readonly closes = this.owned.add(new vscode.EventEmitter<number>());

  readonly onDidWrite = this.writes.event;
  readonly onDidClose = this.closes.event;

  constructor(
    private readonly name: string,
    private readonly store: BackendStore,
    private readonly actions: BackendActions,
    private readonly configFileOf: (view: BackendView | undefined) => string,
  ) {}

  open(): void {
    this.line(startingLine(this.name));
    void this.run();
  }

  close(): void {
    this.owned.dispose();
  }

  handleInput(data: string): void {
    if (data === '\x03') this.end(0);
  }

  private async run(): Promise<void> {
    let declared: BackendView | undefined;
    try {
      declared = await this.actions.resolve(this.name);
      const { key } = declared;
      const view = await this.actions.start(key, 'task');
      this.owned.add(this.actions.hold(key, 'task', 'a task needs it'));
      this.owned.add(this.store.onDidChange(() => this.follow(key)));
      this.line(readyLine(this.name, view.url));
      this.follow(key);
    } catch (error) {
      const { failure } = failureOf(error);
      for (const text of failureLines(this.name, this.configFileOf(declared), failure)) this.line(text);
      this.end(1);
    }
  }

  /** The task lasts as long as the backend does. */
  private follow(key: string): void {
    const state = this.store.get(key)?.state ?? 'stopped';
    if (state === 'stopped' || state === 'quiesced') this.end(0);
    if (state !== 'failed') return;
    this.line(`[backend] failed ${plainText(this.name)}`);
    this.end(1);
  }

  private line(text: string): void {
    if (!this.owned.isDisposed) this.writes.fire(`${text}\r\n`);
  }

  private end(code: number): void {
    if (!this.owned.isDisposed) this.closes.fire(code);
    this.owned.dispose();
  }
}
