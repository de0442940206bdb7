import * as vscode from 'vscode';
import type { Disposable } from '../base/lifecycle';
import { taskType } from '../ids';
import type { BackendActions } from './backendActions';
import type { BackendStore } from './backendStore';
import { BackendTaskTerminal } from './taskTerminal';
import type { BackendView } from '../model/snapshot';
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
    /** Path of the file that declares a backend, or that would. */
    private readonly configFileOf: (view: BackendView | undefined) => string,
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
      return Promise.resolve(new BackendTaskTerminal(backend, this.store, this.actions, this.configFileOf));
    });
    const task = new vscode.Task(definition, scope, backend, 'Local Backends', execution, '$localBackends');
    task.isBackground = true;
    task.detail = `Starts the backend ${backend} and waits until it is ready`;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, panel: vscode.TaskPanelKind.Dedicated };
    return task;
  }
}
