import type * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from './api';
import { createServices, type Services } from './vscode/services';

/** The one variable of a module: VS Code passes nothing to `deactivate`. */
let services: Services | undefined;

/** What is made here ends with `context.subscriptions`; backends live on in the broker. */
export async function activate(context: vscode.ExtensionContext): Promise<LocalBackendsApiV1> {
  services = await createServices(context);
  return services.api;
}

/** Awaited by VS Code for 5 s at most. Nothing to do when the broker has a process of its own. */
export async function deactivate(): Promise<void> {
  await services?.end();
}
