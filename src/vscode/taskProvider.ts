import * as vscode from 'vscode';
import type { Disposable } from '../base/lifecycle';
import { taskType } from '../ids';
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
    /** What runs in the task's terminal. */
    private readonly terminalOf: (backend: string) => Promise<vscode.Pseudoterminal>,
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
    const execution = new vscode.CustomExecution(() => this.terminalOf(backend));
    const task = new vscode.Task(definition, scope, backend, 'Local Backends', execution, '$localBackends');
    task.isBackground = true;
    task.detail = `Starts the backend ${backend} and waits until it is ready`;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, panel: vscode.TaskPanelKind.Dedicated };
    return task;
  }
}
