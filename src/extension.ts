import type * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from './api';
import { Lifetime } from './vscode/lifetime';

const lifetime = new Lifetime();

export function activate(context: vscode.ExtensionContext): Promise<LocalBackendsApiV1> {
  return lifetime.begin(context);
}

export function deactivate(): Promise<void> {
  return lifetime.end();
}
