import * as vscode from 'vscode';
import { contextKeys } from '../ids';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import { canStart, canStop } from './commands/fits';
import type { BackendStore } from './backendStore';
import type { ConfigService } from './configService';

/** Keeps the context keys that menus and `enablement` ask for; each is set only when it changes. */
export class ContextKeys implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly values = new Map<string, boolean>();

  constructor(
    private readonly store: BackendStore,
    private readonly config: ConfigService,
  ) {
    this.owned.add(store.onDidChange(() => this.update()));
    this.owned.add(config.onDidChange(() => this.update()));
    this.update();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const views = this.store.views();
    this.set(contextKeys.hasBackends, views.length > 0);
    this.set(contextKeys.anyRunning, views.some(canStop));
    this.set(contextKeys.anyStartable, views.some(canStart));
    this.set(
      contextKeys.hasConfig,
      this.config.files.some((file) => file.exists),
    );
  }

  private set(key: string, value: boolean): void {
    // One that was never set counts as false.
    if ((this.values.get(key) ?? false) === value) return;
    this.values.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
