import * as vscode from 'vscode';
import { errorMessage } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import type { FolderDefinition } from '../model/backendDefinition';
import type { ConfigService } from './configService';

/**
 * Runs `whenTrusted` once for the opened workspace: now, or when the person trusts it. The configuration is read
 * again before: it was sent as untrusted until then.
 */
export function followTrust(
  config: ConfigService,
  logger: Logger,
  whenTrusted: (folders: readonly FolderDefinition[]) => Promise<void>,
): Disposable {
  const run = async (): Promise<void> => {
    try {
      await config.refresh();
      await whenTrusted(config.files.map((file) => file.folder));
    } catch (error) {
      logger.log('error', `starting what says autoStart failed: ${errorMessage(error)}`);
    }
  };
  if (vscode.workspace.isTrusted) void run();
  return vscode.workspace.onDidGrantWorkspaceTrust(() => void run());
}
