import type * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from './api';
import { createServices } from './vscode/services';

/** What is made here ends with `context.subscriptions`; backends live on in the broker. */
export function activate(context: vscode.ExtensionContext): Promise<LocalBackendsApiV1> {
  return createServices(context);
}
