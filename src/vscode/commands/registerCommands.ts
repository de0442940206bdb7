import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import { commandIds } from '../../ids';

/** Registers every command of the manifest at once; what they do is asked for when one of them is called. */
export function registerCommands(run: (id: string, first: unknown, second: unknown) => Promise<unknown>): Disposable {
  const owned = new DisposableStore();
  for (const id of Object.values(commandIds)) {
    owned.add(vscode.commands.registerCommand(id, (first, second) => run(id, first, second)));
  }
  return owned;
}
