import * as vscode from 'vscode';
import { accessibleLabel, contextValue, rowDescription } from '../../model/presentation';
import { rowIcon } from '../../model/rowIcon';
import type { AgedView } from '../backendStore';
import { troubleText } from '../fileTrouble';
import type { BackendNode, FolderNode, TroubleNode } from './nodes';

/** What a row shows; a row is refreshed only when this differs. */
export function rowSignature({ view, ageMs }: AgedView): string {
  const { icon, color } = rowIcon(view);
  return [view.name, rowText({ view, ageMs }), icon, color, contextValue(view)].join('\n');
}

/** The tooltip stays undefined: VS Code asks `resolveTreeItem` for it when somebody looks. */
export function backendItem(node: BackendNode, aged: AgedView | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.None);
  item.id = node.key;
  if (aged === undefined) return item;
  const { icon, color } = rowIcon(aged.view);
  item.description = rowText(aged);
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.contextValue = contextValue(aged.view);
  item.accessibilityInformation = { label: accessibleLabel(aged.view) };
  return item;
}

export function folderItem(node: FolderNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `folder:${node.path}`;
  item.iconPath = vscode.ThemeIcon.Folder;
  item.contextValue = 'folder';
  item.tooltip = node.path;
  return item;
}

/** Selecting it opens the file at the mistake. */
export function troubleItem({ trouble, label }: TroubleNode): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  const text = troubleText(trouble);
  item.id = `trouble:${trouble.filePath}`;
  item.description = text;
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.contextValue = 'trouble';
  item.accessibilityInformation = { label: `${label} has a mistake: ${text}` };
  const stays = trouble.keepsBefore ? 'What it declared before stays until that is mended. ' : '';
  item.tooltip = `${trouble.filePath}: ${text}\n\n${stays}Select this to open the file.`;
  const { line = 0, character = 0 } = trouble.at ?? {};
  const at = new vscode.Range(line, character, line, character);
  item.command = {
    command: 'vscode.open',
    title: 'Open the File',
    arguments: [vscode.Uri.file(trouble.filePath), { preview: false, selection: at }],
  };
  return item;
}

/** The pause before the next probe is shown as it was decided: counting it down would refresh the row all the time. */
function rowText({ view, ageMs }: AgedView): string {
  return rowDescription(view, view.state === 'starting' ? 0 : ageMs);
}
