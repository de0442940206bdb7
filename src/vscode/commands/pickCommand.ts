import * as vscode from 'vscode';
import { DisposableStore } from '../../base/lifecycle';
import { commandIds } from '../../ids';
import { rowDescription } from '../../model/presentation';
import { rowIcon } from '../../model/rowIcon';
import type { BackendView } from '../../model/snapshot';
import type { BackendStore } from '../backendStore';
import { escapeIcons } from '../label';
import { shownName } from '../../model/statusPresentation';
import { BackendNode } from '../tree/nodes';
import { canOpen, canStart, canStop, isWorthStopping } from './fits';

interface CommandButton extends vscode.QuickInputButton {
  readonly command: string;
}

interface Row extends vscode.QuickPickItem {
  readonly buttons: readonly CommandButton[];
  /** Run when the row itself is accepted. */
  readonly command: string;
  readonly node?: BackendNode;
}

/** The quick pick behind the status bar: all backends with what can be done with them, live while it is open. */
export function pickBackend(store: BackendStore): void {
  const owned = new DisposableStore();
  const pick = owned.add(vscode.window.createQuickPick<Row>());
  pick.placeholder = 'Start a backend or show its log; stop it with its button';
  pick.matchOnDescription = true;
  // Rows are replaced while it is open; without this the list would jump back to its first row.
  pick.keepScrollPosition = true;
  let shown = '';
  const show = (): void => {
    const next = rows(store.views());
    const text = JSON.stringify(next.map((row) => [idOf(row), row.label, row.description, row.buttons]));
    if (text === shown) return;
    shown = text;
    const [before] = pick.activeItems;
    pick.items = next;
    // Rows that do something without a backend count too: Enter must run what is highlighted.
    const active = before && next.find((row) => idOf(row) === idOf(before));
    if (active !== undefined) pick.activeItems = [active];
  };
  const run = (command: string, row: Row): void => {
    pick.hide();
    void vscode.commands.executeCommand(command, row.node);
  };
  owned.add(store.onDidChange(show));
  owned.add(pick.onDidTriggerItemButton(({ button, item }) => run((button as CommandButton).command, item)));
  owned.add(
    pick.onDidAccept(() => {
      const [row] = pick.selectedItems;
      if (row !== undefined) run(row.command, row);
    }),
  );
  owned.add(pick.onDidHide(() => owned.dispose()));
  show();
  pick.show();
}

/** The same row before and after an update, also when what it would do has changed. */
function idOf({ node, command }: Row): string {
  return node === undefined ? command : node.key;
}

function rows(views: readonly BackendView[]): readonly Row[] {
  const plain = (label: string, icon: string, command: string): Row => {
    return { label, iconPath: new vscode.ThemeIcon(icon), command, buttons: [], alwaysShow: true };
  };
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator, command: '', buttons: [] };
  return [
    ...views.map((view) => backendRow(view, views)),
    separator,
    ...(views.some(canStart) ? [plain('Start All Backends', 'run-all', commandIds.startAll)] : []),
    ...(views.some(canStop) ? [plain('Stop All Backends', 'debug-stop', commandIds.stopAll)] : []),
    plain('Open backends.json', 'go-to-file', commandIds.openConfig),
  ];
}

function backendRow(view: BackendView, views: readonly BackendView[]): Row {
  const start = button('play', 'Start', commandIds.start);
  const stop = button('debug-stop', 'Stop', commandIds.stop);
  return {
    label: escapeIcons(shownName(view, views)),
    description: escapeIcons(rowDescription(view)),
    iconPath: new vscode.ThemeIcon(rowIcon(view).icon),
    node: new BackendNode(view.key, view.name, view.folderPath),
    // Stopping takes its button: a list that opens with Enter in hand must not end what runs.
    command: canStart(view) ? commandIds.start : commandIds.showLogs,
    buttons: [
      ...(canStart(view) ? [start] : []),
      ...(isWorthStopping(view) ? [stop] : []),
      button('output', 'Show Log', commandIds.showLogs),
      ...(canOpen(view) ? [button('globe', 'Open in Browser', commandIds.openInBrowser)] : []),
    ],
  };
}

function button(icon: string, tooltip: string, command: string): CommandButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip, command };
}
