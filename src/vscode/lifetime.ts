import type * as vscode from 'vscode';
import type { LocalBackendsApiV1 } from '../api';
import { createServices, type Services } from './services';

/** From activation to deactivation; joins the two, because VS Code passes nothing to `deactivate`. */
export class Lifetime {
  private services: Services | undefined;

  /** What is made here ends with `context.subscriptions`; backends live on in the broker. */
  async begin(context: vscode.ExtensionContext): Promise<LocalBackendsApiV1> {
    this.services = await createServices(context);
    return this.services.api;
  }

  /** Awaited by VS Code for 5 s at most. Nothing is left to do when the broker has a process of its own. */
  async end(): Promise<void> {
    await this.services?.end();
  }
}
