import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyWorkspace } from '../copyWorkspace';
import { launchBrowser } from '../vscode/browser';
import { installExtension, startVsCodeServer } from '../vscode/server';
import { provisionServer } from '../vscode/serverPackage';
import { Workbench } from '../vscode/workbench';
import { vsixPath } from '../vsix';
import { writeWindowSettings } from './windowSettings';

export interface OpenWindow {
  readonly workbench: Workbench;
  /** Absolute path of the private copy of the workspace. */
  readonly workspace: string;
  /** Where the broker of this window keeps its state. */
  readonly stateDir: string;
  /** A second window of the same person, on any folder. */
  openAnother(workspace: string): Promise<Workbench>;
  /** Closes windows, VS Code, broker and backends; fails when one of them would not go. */
  close(): Promise<void>;
}

export interface OpenWindowOptions {
  /** Folder below `test/fixtures/workspaces`. */
  readonly fixture: string;
  /** Folder below `.vscode-test/screenshots`. */
  readonly screenshots: string;
  readonly workspaceTrust?: boolean;
  /** User settings beside the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Changes the copy of the workspace before a window sees it. */
  readonly prepare?: (folder: string) => void | Promise<void>;
}

/** A fresh VS Code with the packed extension installed, and a browser window on a copy of a fixture workspace. */
export async function openWindow(options: OpenWindowOptions): Promise<OpenWindow> {
  const releases: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    const copy = copyWorkspace(options.fixture);
    releases.push(() => copy.remove());
    await options.prepare?.(copy.folder);
    const dataDir = mkdtempSync(join(tmpdir(), 'lbd-'));
    releases.push(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }));
    writeWindowSettings(dataDir, options.settings ?? {});
    const install = await provisionServer(console.log);
    await installExtension(install, dataDir, vsixPath);
    const server = await startVsCodeServer({ install, dataDir, workspaceTrust: options.workspaceTrust === true });
    releases.push(() => server.stop());
    const browser = await launchBrowser();
    releases.push(() => browser.close());
    const openAnother = (workspace: string): Promise<Workbench> =>
      Workbench.open(browser, { serverUrl: server.url, workspace, screenshots: options.screenshots });
    const workbench = await openAnother(copy.folder);
    return { workbench, workspace: copy.folder, stateDir: server.stateDir, openAnother, close };
  } catch (error) {
    await close();
    throw error;
  }
}
