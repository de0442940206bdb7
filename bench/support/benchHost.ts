import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { installExtension, startVsCodeServer, type RunningVsCodeServer } from '../../test/support/vscode/server';
import type { VsCodeServerInstall } from '../../test/support/vscode/serverPackage';
import { Workbench } from '../../test/support/vscode/workbench';
import { processesWithVariable } from '../../test/support/runner/leaks';
import { waitUntil } from '../../test/support/waitUntil';
import { orderFile, type ProbeOrder, type ProbeReport } from './probeOrder';

const probeDeadlineMs = 180_000;
const brokerEndDeadlineMs = 120_000;
const brokerBundle = /\bbroker\.js\b/;

/** An order without the place for its report, which is this host's to know. */
export type Task = ProbeOrder extends infer Order ? (Order extends ProbeOrder ? Omit<Order, 'report'> : never) : never;

export interface ProbedWindow {
  readonly workbench: Workbench;
  readonly report: ProbeReport;
}

/** A VS Code server with chosen extensions, in a folder of its own; its windows carry out orders. */
export class BenchHost {
  private opened = 0;

  private constructor(
    private readonly server: RunningVsCodeServer,
    private readonly browser: Browser,
    private readonly scratch: string,
  ) {}

  static async start(
    install: VsCodeServerInstall,
    browser: Browser,
    scratch: string,
    extensions: readonly string[],
  ): Promise<BenchHost> {
    mkdirSync(scratch);
    const dataDir = join(scratch, 'data');
    for (const vsix of extensions) await installExtension(install, dataDir, vsix);
    return new BenchHost(await startVsCodeServer({ install, dataDir }), browser, scratch);
  }

  /** Opens a window on a folder that holds nothing but `backendsFile`, where given, and the order for the probe. */
  async open(task: Task, backendsFile?: string): Promise<ProbedWindow> {
    const name = `window-${++this.opened}`;
    const workspace = join(this.scratch, name);
    const report = join(this.scratch, `${name}.report.json`);
    mkdirSync(join(workspace, '.vscode'), { recursive: true });
    if (backendsFile !== undefined) writeFileSync(join(workspace, '.vscode', 'backends.json'), backendsFile);
    writeFileSync(join(workspace, orderFile), JSON.stringify({ ...task, report }));
    const workbench = await Workbench.open(this.browser, {
      serverUrl: this.server.url,
      workspace,
      screenshots: 'bench',
    });
    await waitUntil(`the probe in ${name} to report`, () => existsSync(report), probeDeadlineMs);
    const told = JSON.parse(readFileSync(report, 'utf8')) as ProbeReport;
    if (told.error !== undefined) throw new Error(`The probe in ${name} failed: ${told.error}`);
    return { workbench, report: told };
  }

  /** Undefined as long as nothing has needed one. */
  brokerPid(): number | undefined {
    const variable = `LOCAL_BACKENDS_STATE_DIR=${this.server.stateDir}`;
    return processesWithVariable(variable).find(({ command }) => brokerBundle.test(command))?.pid;
  }

  /** Ends backends, broker and server, in this order; a hundred backends take longer than the server's own end allows. */
  async stop(): Promise<void> {
    const broker = this.brokerPid();
    if (broker !== undefined) {
      process.kill(broker, 'SIGTERM');
      await waitUntil('the broker to stop its backends', () => this.brokerPid() === undefined, brokerEndDeadlineMs);
    }
    await this.server.stop();
    rmSync(this.scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}
