import * as vscode from 'vscode';
import type { Disposable } from '../base/lifecycle';
import type { Logger, LogLevel } from '../base/logger';

/** The `Local Backends` log channel: what happened to the backends, and why. */
export class LogChannel implements Logger, Disposable {
  private readonly channel = vscode.window.createOutputChannel('Local Backends', { log: true });

  log(level: LogLevel, message: string): void {
    this.channel[level](message);
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.channel.dispose();
  }
}
