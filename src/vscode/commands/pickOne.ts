import * as vscode from 'vscode';
import { rowDescription } from '../../model/presentation';
import { rowIcon } from '../../model/rowIcon';
import type { BackendView } from '../../model/snapshot';
import { escapeIcons } from '../label';
import { shownName } from '../../model/statusPresentation';

interface BackendPick extends vscode.QuickPickItem {
  readonly view: BackendView;
}

/** Asks which of these backends is meant; undefined when the person does not choose. */
export async function pickOne(question: string, fitting: readonly BackendView[]): Promise<BackendView | undefined> {
  const items = fitting.map((view): BackendPick => ({
    view,
    label: escapeIcons(shownName(view, fitting)),
    description: escapeIcons(rowDescription(view)),
    iconPath: new vscode.ThemeIcon(rowIcon(view).icon),
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: question, matchOnDescription: true });
  return picked?.view;
}
