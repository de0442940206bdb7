import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import type { HostRun } from './hostRun';
import { endBrokers } from './endBrokers';
import { quietSettingsFile } from './quietSettings';

/** Runs a suite in the extension host of a desktop VS Code. Answers the exit code. */
export async function runInDesktop(executable: string, run: HostRun): Promise<number> {
  const userData = join(run.scratch, 'user');
  const stateDir = join(run.scratch, 'state');
  mkdirSync(join(userData, 'User'), { recursive: true });
  copyFileSync(quietSettingsFile, join(userData, 'User', 'settings.json'));
  try {
    return await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: run.extensionPath,
      extensionTestsPath: run.testsPath,
      extensionTestsEnv: { LOCAL_BACKENDS_STATE_DIR: stateDir, ...run.env },
      launchArgs: [
        run.workspace,
        ...['--user-data-dir', userData, '--extensions-dir', join(run.scratch, 'extensions')],
        ...['--disable-workspace-trust', '--disable-extensions', '--skip-welcome', '--skip-release-notes'],
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    });
  } catch (error) {
    if (error instanceof TestRunFailedError && error.code !== undefined) return error.code;
    throw error;
  } finally {
    await endBrokers(stateDir);
  }
}
