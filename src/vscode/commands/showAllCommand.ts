import { basename } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../base/lifecycle';
import { commandIds } from '../../ids';
import { plainText } from '../../model/plainText';
import { rowDescription } from '../../model/presentation';
import { rowIcon } from '../../model/rowIcon';
import type { BackendView } from '../../model/snapshot';
import { failureOf } from '../failureOf';
import { escapeIcons } from '../label';
import { showInformation } from '../notifications';
import { BackendNode } from '../tree/nodes';
import type { CommandPorts } from './backendCommand';
import { canStop } from './fits';
import { stopAsked } from './stopCommands';

interface Button extends vscode.QuickInputButton {
  readonly act: 'stop' | 'openFolder' | 'showLog';
}

interface Row extends vscode.QuickPickItem {
  readonly buttons: readonly Button[];
  readonly view?: BackendView;
}

const nothing = 'Local Backends runs nothing on this machine now.';

/** Lists what runs in all folders of this user, whichever window has started it. */
export async function showAllForPerson(ports: CommandPorts): Promise<void> {
  try {
    const all = await ports.actions.everywhere();
    if (all.length === 0) void showInformation(nothing);
    else new RunningList(ports).show(all);
  } catch (error) {
    ports.failures.show([{ failure: failureOf(error).failure }]);
  }
}

class RunningList {
  private readonly owned = new DisposableStore();
  private readonly pick = this.owned.add(vscode.window.createQuickPick<Row>());

  constructor(private readonly ports: CommandPorts) {
    this.pick.title = 'Running Backends of All Folders';
    this.pick.placeholder = 'Select one to show its log, or to open its folder where this window has another one';
    this.pick.matchOnDescription = true;
    this.pick.matchOnDetail = true;
    this.pick.keepScrollPosition = true;
    this.owned.add(this.pick.onDidTriggerItemButton(({ button, item }) => void this.act((button as Button).act, item)));
    this.owned.add(this.pick.onDidAccept(() => this.accepted(this.pick.selectedItems[0])));
    this.owned.add(this.pick.onDidHide(() => this.owned.dispose()));
    this.owned.add(ports.store.onDidChange(() => void this.refresh()));
  }

  show(all: readonly BackendView[]): void {
    this.pick.items = this.rows(all);
    this.pick.show();
  }

  private async refresh(): Promise<void> {
    const all = await this.ports.actions.everywhere().catch(() => []);
    if (this.owned.isDisposed) return;
    const active = this.pick.activeItems[0]?.view?.key;
    this.pick.items = this.rows(all);
    this.pick.activeItems = this.pick.items.filter(({ view }) => view !== undefined && view.key === active);
    if (all.length === 0) this.pick.placeholder = nothing;
  }

  private accepted(row: Row | undefined): void {
    if (row?.view === undefined) return;
    void this.act(this.isHere(row.view) ? 'showLog' : 'openFolder', row);
  }

  private async act(act: Button['act'], { view }: Row): Promise<void> {
    if (view === undefined) return;
    if (act === 'stop') return this.stop(view);
    this.pick.hide();
    if (act === 'showLog') {
      await vscode.commands.executeCommand(commandIds.showLogs, new BackendNode(view.key, view.name, view.folderPath));
    } else {
      await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(view.folderPath), {
        forceNewWindow: true,
      });
    }
  }

  private async stop(view: BackendView): Promise<void> {
    try {
      // What depends on one of another folder is known to its window only.
      if (this.isHere(view)) await stopAsked(this.ports, [view]);
      else await this.ports.actions.stopAnywhere(view.key, 'stopped by a person from the list of all folders');
    } catch (error) {
      this.ports.failures.show([{ failure: failureOf(error).failure }]);
    }
    await this.refresh();
  }

  private rows(all: readonly BackendView[]): readonly Row[] {
    const folders = [...new Set(all.map((view) => view.folderPath))].sort();
    return folders.flatMap((folder) => [
      { label: escapeIcons(plainText(basename(folder))), kind: vscode.QuickPickItemKind.Separator, buttons: [] },
      ...all.filter((view) => view.folderPath === folder).map((view) => this.row(view)),
    ]);
  }

  private row(view: BackendView): Row {
    const stop = button('debug-stop', 'Stop', 'stop');
    const look = this.isHere(view)
      ? button('output', 'Show Log', 'showLog')
      : button('folder-opened', 'Open Folder in New Window', 'openFolder');
    return {
      label: escapeIcons(plainText(view.name)),
      description: escapeIcons(rowDescription(view)),
      detail: escapeIcons(plainText(view.folderPath)),
      iconPath: new vscode.ThemeIcon(rowIcon(view).icon),
      view,
      buttons: canStop(view) ? [stop, look] : [look],
    };
  }

  private isHere(view: BackendView): boolean {
    return this.ports.store.get(view.key) !== undefined;
  }
}

function button(icon: string, tooltip: string, act: Button['act']): Button {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip, act };
}
