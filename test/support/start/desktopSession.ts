import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { repositoryRoot } from '../repositoryRoot';
import { buildExtension } from '../runner/buildExtension';
import { runChildGroup, signalGroup } from '../runner/childGroup';
import { endBrokers } from '../vscode/endBrokers';
import { quietSettingsFile } from '../vscode/quietSettings';
import type { Session, SessionOptions } from './session';

const installTimeoutMs = 60_000;

/** A desktop VS Code of our own, beside the person's: own settings, own extensions, the sources or a package in it. */
export async function startDesktopSession(executable: string, options: SessionOptions): Promise<Session> {
  const folders = ['--user-data-dir', join(options.home, 'user'), '--extensions-dir', join(options.home, 'extensions')];
  prepareSettings(join(options.home, 'user', 'User'));
  const stateDir = mkdtempSync(join(tmpdir(), 'lbs-'));
  const development = await provideExtension(executable, folders, options.vsix);
  const trust = options.workspaceTrust ? [] : ['--disable-workspace-trust'];
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [options.workspace, ...folders, ...development, ...trust, ...sandbox, '--skip-release-notes'];
  const child = spawn(executable, args, {
    env: { ...process.env, LOCAL_BACKENDS_STATE_DIR: stateDir },
    detached: process.platform !== 'win32',
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  options.print('\nVS Code with Local Backends is open in its own window.\n');
  const stop = async (): Promise<void> => {
    signalGroup(child.pid, 'SIGTERM');
    await ended;
    await endBrokers(stateDir);
    rmSync(stateDir, { recursive: true, force: true });
  };
  return { ended, stop };
}

function prepareSettings(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'settings.json');
  if (!existsSync(file)) copyFileSync(quietSettingsFile, file);
}

/** Arguments under which the window has the extension: from the sources, or nothing more once a package is installed. */
async function provideExtension(executable: string, folders: string[], vsix: string | undefined): Promise<string[]> {
  if (vsix === undefined) {
    await buildExtension({ root: repositoryRoot });
    return [`--extensionDevelopmentPath=${repositoryRoot}`];
  }
  const [command, ...prefix] = resolveCliArgsFromVSCodeExecutablePath(executable);
  const args = [...prefix, ...folders, '--install-extension', vsix, '--force'];
  const options = {
    cwd: repositoryRoot,
    env: process.env,
    killAfterMs: installTimeoutMs,
    output: 'capture' as const,
  };
  const result = await runChildGroup(command ?? executable, args, options);
  if (result.exitCode !== 0) throw new Error(`VS Code did not install ${vsix}:\n${result.output}`);
  return [];
}
