import * as vscode from 'vscode';
import { errorMessage } from '../base/errors';
import { commandIds } from '../ids';
import type { Failure, PortHolder } from '../model/failure';
import { failureWords } from '../model/failureText';
import type { BackendView } from '../model/snapshot';
import { hasLeftovers } from './commands/fits';
import { failureOf } from './failureOf';
import type { BackendActions } from './backendActions';
import { confirm, showError } from './notifications';
import { BackendNode } from './tree/nodes';

export interface FailedBackend {
  /** undefined when the failure belongs to no backend that is known. */
  readonly view?: BackendView;
  readonly failure: Failure;
}

interface Action extends vscode.MessageItem {
  run(): unknown;
}

/**
 * Tells a person that something failed, with what can be done about it. Nothing here is awaited by commands:
 * a message stays open until it is answered.
 */
export class FailureMessages {
  constructor(private readonly actions: BackendActions) {}

  /** One message for all of them: VS Code drops what comes in a crowd. A cancelled start needs no message. */
  show(failed: readonly FailedBackend[]): void {
    const worth = failed.filter(({ failure }) => failure.code !== 'cancelled');
    const [first, ...others] = worth;
    if (first === undefined) return;
    if (others.length > 0) this.showSeveral(worth);
    else this.offer(describe(first), this.actionsFor(first));
  }

  private showSeveral(failed: readonly FailedBackend[]): void {
    const names = failed.map(({ view, failure }) => `${view?.name ?? '?'} (${failureWords(failure)})`);
    const views = failed.flatMap(({ view }) => (view === undefined ? [] : [view]));
    this.offer(`${failed.length} backends failed: ${names.join(', ')}.`, [
      ...views.slice(0, 1).map((view) => showLog(view)),
      retry(views),
      openConfig(views[0]),
    ]);
  }

  private actionsFor({ view, failure }: FailedBackend): readonly Action[] {
    if (view === undefined) return [openConfig(undefined)];
    if (hasLeftovers({ failure })) return [...leftoverActions(view), showLog(view)];
    switch (failure.code) {
      case 'portTaken':
        return [...this.endHolder(view, failure.portHolder), showLog(view), openConfig(view)];
      case 'untrusted':
        return [
          { title: 'Manage Workspace Trust', run: () => vscode.commands.executeCommand('workbench.trust.manage') },
        ];
      case 'invalidConfig':
      case 'unknownBackend':
      case 'cwdMissing':
        return [openConfig(view), retry([view])];
      default:
        return [showLog(view), retry([view]), openConfig(view)];
    }
  }

  private endHolder(view: BackendView, holder: PortHolder | undefined): readonly Action[] {
    const backend = holder?.backend;
    if (backend !== undefined) {
      const stop = { title: 'Stop It and Start', run: () => this.stopHolder(view, backend) };
      return this.actions.canTakeAnotherPort(view) ? [stop, this.anotherPort(view)] : [stop];
    }
    if (holder?.pid === undefined || holder.startTime === undefined) return [];
    const { pid, startTime, command, port } = holder;
    return [
      { title: 'Stop It…', run: () => this.confirmEnd(view, { pid, startTime }, `${pid} (${command ?? '?'})`, port) },
    ];
  }

  /** For this run only: what is declared stays as it is. */
  private anotherPort(view: BackendView): Action {
    const start = async (): Promise<void> => {
      try {
        await this.actions.startOnAnotherPort(view.key);
      } catch (error) {
        this.show([{ view, failure: failureOf(error).failure }]);
      }
    };
    return { title: 'Use Another Port', run: start };
  }

  /** Asked once more, in a dialog: the process is not one of ours. */
  private async confirmEnd(
    view: BackendView,
    target: { readonly pid: number; readonly startTime: string },
    process: string,
    port: number,
  ): Promise<void> {
    const detail = `It listens on port ${port}, which "${view.name}" needs. Unsaved work in it is lost.`;
    if (!(await confirm(`End process ${process}?`, detail, 'End Process and Start'))) return;
    try {
      await this.actions.endProcess(target);
      startAgain([view]);
    } catch (error) {
      void showError(errorMessage(error));
    }
  }

  /** One of ours is stopped as such, never signalled behind the broker's back. */
  private async stopHolder(view: BackendView, holder: string): Promise<void> {
    try {
      await this.actions.stopAnywhere(holder, `stopped to free a port for ${view.name}`);
      startAgain([view]);
    } catch (error) {
      this.show([{ failure: failureOf(error).failure }]);
    }
  }

  private offer(message: string, actions: readonly Action[]): void {
    void showError(message, ...actions).then((action) => action?.run());
  }
}

function describe({ view, failure }: FailedBackend): string {
  const named = view === undefined || failure.message.includes(view.name);
  const text = named ? failure.message : `${view.name}: ${failure.message}`;
  if (failure.hint === undefined) return text;
  return `${/[.!?…]$/.test(text) ? text : `${text}.`} ${failure.hint}`;
}

function leftoverActions(view: BackendView): readonly Action[] {
  const run = (command: string) => () => vscode.commands.executeCommand(command, nodeOf(view));
  return [
    { title: 'Kill', run: run(commandIds.killLeftovers) },
    { title: 'Ignore', run: run(commandIds.ignoreLeftovers) },
  ];
}

function showLog(view: BackendView): Action {
  return { title: 'Show Log', run: () => vscode.commands.executeCommand(commandIds.showLogs, nodeOf(view)) };
}

function retry(views: readonly BackendView[]): Action {
  return { title: 'Retry', run: () => startAgain(views) };
}

function openConfig(view: BackendView | undefined): Action {
  const argument = view === undefined ? undefined : nodeOf(view);
  return { title: 'Open Config', run: () => vscode.commands.executeCommand(commandIds.openConfig, argument) };
}

function startAgain(views: readonly BackendView[]): void {
  const nodes = views.map(nodeOf);
  if (nodes.length > 0) void vscode.commands.executeCommand(commandIds.start, nodes[0], nodes);
}

function nodeOf(view: BackendView): BackendNode {
  return new BackendNode(view.key, view.name, view.folderPath);
}
