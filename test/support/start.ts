/** `npm start`: the extension in a real VS Code, on a workspace with real backends. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { followParent } from './runner/followParent';
import { startDesktopSession } from './start/desktopSession';
import { parseStartOptions, usage, type StartOptions } from './start/options';
import { refreshSampleWorkspace } from './start/sampleWorkspace';
import type { Session } from './start/session';
import { startWebSession } from './start/webSession';
import { cacheRoot } from './vscode/cachedFolder';
import { provisionVsCode } from './vscode/provision';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function openSession(options: StartOptions): Promise<Session> {
  print('Local Backends');
  const home = join(cacheRoot, 'start');
  if (options.fresh) rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  if (options.workspace !== undefined && !existsSync(options.workspace)) {
    throw new Error(`--workspace ${options.workspace} does not exist.`);
  }
  const vscode = await provisionVsCode({ print, want: options.want });
  const session = {
    home,
    workspace: options.workspace ?? refreshSampleWorkspace(join(cacheRoot, 'sample-workspace')),
    // Our own sample is trusted; about anybody else's folder VS Code asks, as it always does.
    workspaceTrust: options.workspace !== undefined,
    port: options.port,
    portIsGiven: options.portIsGiven,
    vsix: options.vsix,
    print,
  };
  return vscode.kind === 'desktop'
    ? await startDesktopSession(vscode.executable, session)
    : await startWebSession(vscode.install, session);
}

async function main(): Promise<void> {
  followParent();
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) {
    print(usage);
    return;
  }
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const session = await openSession(options);
  print('Press Ctrl-C to stop VS Code and all backends.');
  await Promise.race([session.ended, interrupted]);
  print('\nStopping …');
  await session.stop();
  print('Everything is stopped.');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
