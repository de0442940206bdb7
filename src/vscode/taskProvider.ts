import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { taskType } from '../ids';
import { failureOf } from './failureOf';
import type { BackendActions } from './backendActions';
import type { BackendStore } from './backendStore';
import { shownName } from '../model/statusPresentation';

interface BackendTaskDefinition extends vscode.TaskDefinition {
  readonly backend: string;
}

/** One background task a backend, so that `preLaunchTask` waits until it is ready. */
export class BackendTaskProvider implements vscode.TaskProvider, Disposable {
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly store: BackendStore,
    private readonly actions: BackendActions,
  ) {
    this.registration = vscode.tasks.registerTaskProvider(taskType, this);
  }

  provideTasks(): vscode.Task[] {
    const views = this.store.views();
    return views.map((view) => {
      const name = shownName(view, views);
      return this.task({ type: taskType, backend: name }, name, vscode.TaskScope.Workspace);
    });
  }

  /** The definition object must stay the same one: VS Code finds the task by it. */
  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = task.definition as Partial<BackendTaskDefinition> & vscode.TaskDefinition;
    if (typeof definition.backend !== 'string') return undefined;
    return this.task(definition, definition.backend, task.scope ?? vscode.TaskScope.Workspace);
  }

  dispose(): void {
    this.registration.dispose();
  }

  private task(
    definition: vscode.TaskDefinition,
    backend: string,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
  ): vscode.Task {
    const execution = new vscode.CustomExecution(() => {
      return Promise.resolve(new BackendTaskTerminal(backend, this.store, this.actions));
    });
    const task = new vscode.Task(definition, scope, backend, 'Local Backends', execution, '$localBackends');
    task.isBackground = true;
    task.detail = `Starts the backend ${backend} and waits until it is ready`;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, panel: vscode.TaskPanelKind.Dedicated };
    return task;
  }
}

/** What the task writes is read by the problem matcher: both lines come always, for a running backend too. */
class BackendTaskTerminal implements vscode.Pseudoterminal {
  private readonly owned = new DisposableStore();
  private readonly writes = this.owned.add(new vscode.EventEmitter<string>());
  private readonly closes = this.owned.add(new vscode.EventEmitter<number>());

  readonly onDidWrite = this.writes.event;
  readonly onDidClose = this.closes.event;

  constructor(
    private readonly name: string,
    private readonly store: BackendStore,
    private readonly actions: BackendActions,
  ) {}

  open(): void {
    this.line(`[backend] starting ${this.name}`);
    void this.run();
  }

  close(): void {
    this.owned.dispose();
  }

  handleInput(data: string): void {
    if (data === '\x03') this.end(0);
  }

  private async run(): Promise<void> {
    try {
      const { key } = await this.actions.resolve(this.name);
      const view = await this.actions.start(key, 'task');
      this.owned.add(this.actions.hold(key, 'task', 'a task needs it'));
      this.owned.add(this.store.onDidChange(() => this.follow(key)));
      this.line(`[backend] ready ${this.name}${view.url === undefined ? '' : ` at ${view.url}`}`);
      this.follow(key);
    } catch (error) {
      const { failure } = failureOf(error);
      for (const text of failure.logTail) this.line(text);
      this.line(`[backend] failed ${this.name}: ${failure.message}`);
      this.end(1);
    }
  }

  /** The task lasts as long as the backend does. */
  private follow(key: string): void {
    const state = this.store.get(key)?.state ?? 'stopped';
    if (state === 'stopped' || state === 'quiesced') this.end(0);
    if (state !== 'failed') return;
    this.line(`[backend] failed ${this.name}`);
    this.end(1);
  }

  private line(text: string): void {
    if (!this.owned.isDisposed) this.writes.fire(`${text.replace(/\r?\n/g, '\r\n')}\r\n`);
  }

  private end(code: number): void {
    if (!this.owned.isDisposed) this.closes.fire(code);
    this.owned.dispose();
  }
}
