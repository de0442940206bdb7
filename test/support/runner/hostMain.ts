/** The process of the host ring: `node hostMain.js REPORT KILL_AFTER_MS [GREP]`. The suite writes its outcomes to REPORT. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyWorkspace } from '../copyWorkspace';
import { repositoryRoot } from '../repositoryRoot';
import { runInDesktop } from '../vscode/desktopTestRun';
import type { HostRun } from '../vscode/hostRun';
import { provisionVsCode } from '../vscode/provision';
import { runInServer } from '../vscode/serverTestRun';
import { hostGrepVariable, hostReportVariable } from './hostReport';
import type { TestOutcome } from './runMocha';

async function main(): Promise<void> {
  const [report, killAfterMs, grep] = process.argv.slice(2);
  if (report === undefined) throw new Error('usage: hostMain REPORT KILL_AFTER_MS [GREP]');
  const vscode = await provisionVsCode({ print: console.log, want: 'any' });
  const copy = copyWorkspace('host');
  const scratch = mkdtempSync(join(tmpdir(), 'lbh-'));
  try {
    const run: HostRun = {
      extensionPath: repositoryRoot,
      testsPath: join(repositoryRoot, 'out', 'test', 'host', 'index.js'),
      workspace: copy.folder,
      scratch,
      killAfterMs: Number(killAfterMs),
      env: { [hostReportVariable]: report, ...(grep === undefined ? {} : { [hostGrepVariable]: grep }) },
    };
    if (vscode.kind === 'desktop') await runInDesktop(vscode.executable, run);
    else await runInServer(vscode.install, run);
    if (existsSync(report)) printOutcomes(JSON.parse(readFileSync(report, 'utf8')) as readonly TestOutcome[]);
  } finally {
    copy.remove();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The console of an extension host is not ours to print on, so its outcomes are told here. */
function printOutcomes(outcomes: readonly TestOutcome[]): void {
  for (const outcome of outcomes) {
    console.log(`  ${outcome.passed ? '✔' : '✘'} ${outcome.title} (${outcome.durationMs} ms)`);
    if (outcome.error !== undefined) console.log(outcome.error.replaceAll(/^/gm, '      '));
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
