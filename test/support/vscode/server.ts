import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChildGroup, signalGroup } from '../runner/childGroup';
import { repositoryRoot } from '../repositoryRoot';
import { endBrokers } from './endBrokers';
import { OutputLog } from './outputLog';
import { quietSettingsFile } from './quietSettings';
import type { VsCodeServerInstall } from './serverPackage';

export interface VsCodeServerOptions {
  readonly install: VsCodeServerInstall;
  /** Keeps extensions, settings and window state. */
  readonly dataDir: string;
  /** 0: any free port. */
  readonly port?: number;
  /** False opens every folder as trusted. */
  readonly workspaceTrust?: boolean;
  /** Honours a test payload in the URL, and suppresses every toast. */
  readonly smokeTestDriver?: boolean;
  /** Added to the environment of the server and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningVsCodeServer {
  readonly url: string;
  readonly authority: string;
  /** Where the broker of this server keeps its state: never the person's own. */
  readonly stateDir: string;
  /** Everything the server has printed. */
  log(): string;
  /** Settles when the server has exited by itself or by `stop`. */
  readonly exited: Promise<void>;
  /** Ends the server, its extension hosts, the broker and its backends. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;
const stopGraceMs = 10_000;
const installTimeoutMs = 60_000;

/** Starts the server and waits until it says that it listens; a probe of the port could meet a stranger. */
export async function startVsCodeServer(options: VsCodeServerOptions): Promise<RunningVsCodeServer> {
  writeQuietSettings(options.dataDir);
  const scratch = mkdtempSync(join(tmpdir(), 'lbs-'));
  const stateDir = join(scratch, 'state');
  const child = spawn(options.install.node, serverArguments(options), {
    env: serverEnvironment(options, scratch, stateDir),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = new OutputLog(child);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    await endGroup(child, exited);
    await endBrokers(stateDir);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await output.waitFor(/Extension host agent listening on (\d+)/, startTimeoutMs);
    const authority = `127.0.0.1:${port}`;
    return { url: `http://${authority}`, authority, stateDir, log: () => output.text(), exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function installExtension(install: VsCodeServerInstall, dataDir: string, vsix: string): Promise<void> {
  const args = [install.serverMain, '--install-extension', vsix, '--force', '--server-data-dir', dataDir];
  const env = { ...process.env, EXTENSIONS_GALLERY: '{}' };
  const options = { cwd: repositoryRoot, env, killAfterMs: installTimeoutMs, output: 'capture' as const };
  const result = await runChildGroup(install.node, [...args, '--accept-server-license-terms'], options);
  if (result.exitCode !== 0) throw new Error(`VS Code did not install ${vsix}:\n${result.output}`);
}

function serverArguments(options: VsCodeServerOptions): string[] {
  return [
    options.install.serverMain,
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--server-data-dir', options.dataDir],
    ...['--without-connection-token', '--accept-server-license-terms', '--disable-telemetry'],
    ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
    ...(options.smokeTestDriver === true ? ['--enable-smoke-test-driver'] : []),
  ];
}

/** Its temporary files go where we remove them; an empty gallery keeps it from asking anybody outside. */
function serverEnvironment(options: VsCodeServerOptions, scratch: string, stateDir: string): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  return {
    ...own,
    EXTENSIONS_GALLERY: '{}',
    TMPDIR: scratch,
    XDG_RUNTIME_DIR: scratch,
    LOCAL_BACKENDS_STATE_DIR: stateDir,
    ...options.env,
  };
}

/** A fresh data directory gets settings under which the workbench asks nothing; later ones are the person's. */
function writeQuietSettings(dataDir: string): void {
  const folder = join(dataDir, 'data', 'User');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'settings.json');
  if (!existsSync(file)) copyFileSync(quietSettingsFile, file);
}

async function endGroup(child: ChildProcess, exited: Promise<void>): Promise<void> {
  signalGroup(child.pid, 'SIGTERM');
  const hard = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), stopGraceMs);
  await exited;
  clearTimeout(hard);
  // Members that outlived their leader.
  signalGroup(child.pid, 'SIGKILL');
}
