import { join } from 'node:path';
import { launchBrowser } from './browser';
import type { HostRun } from './hostRun';
import { startVsCodeServer, type RunningVsCodeServer } from './server';
import type { VsCodeServerInstall } from './serverPackage';

/** Runs a suite in the extension host of the npm-delivered VS Code; a browser plays the window. Answers the exit code. */
export async function runInServer(install: VsCodeServerInstall, run: HostRun): Promise<number> {
  const dataDir = join(run.scratch, 'data');
  const server = await startVsCodeServer({ install, dataDir, smokeTestDriver: true, env: run.env });
  try {
    return await runInBrowser(server, run);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${server.log().slice(-2_000)}`, {
      cause: error,
    });
  } finally {
    await server.stop();
  }
}

async function runInBrowser(server: RunningVsCodeServer, run: HostRun): Promise<number> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const exit = new Promise<number>((resolve) => void page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', () => {});
    await page.goto(pageUrl(server, run), { waitUntil: 'commit', timeout: run.killAfterMs });
    return await withKillTime(exit, run.killAfterMs);
  } finally {
    await browser.close();
  }
}

function pageUrl(server: RunningVsCodeServer, run: HostRun): string {
  const remote = (path: string): string => `vscode-remote://${server.authority}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(run.extensionPath)],
    ['extensionTestsPath', remote(run.testsPath)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: run.workspace, payload: JSON.stringify(payload) });
  // The workbench decodes %20, not the + of a form.
  return `${server.url}/?${query.toString().replaceAll('+', '%20')}`;
}

async function withKillTime<T>(promise: Promise<T>, killAfterMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The suite did not end within ${killAfterMs / 1000} s.`)), killAfterMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
