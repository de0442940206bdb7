import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChildGroup } from './childGroup';
import type { RingContext, RingCounts } from './ring';
import type { TestOutcome } from './runMocha';

export interface ReportedChild {
  /** Below `out/test/support/runner`. */
  readonly main: string;
  /** Follow the path of the report on the command line. */
  readonly args: readonly string[];
  readonly killAfterMs: number;
}

/**
 * Runs one of our programs in a process of its own, so that nothing it leaves open can hide in ours, and counts
 * the outcomes it wrote to the file named by its first argument.
 */
export async function runReportedChild(context: RingContext, child: ReportedChild): Promise<RingCounts> {
  const reportDir = mkdtempSync(join(tmpdir(), 'lbr-'));
  const report = join(reportDir, 'report.json');
  const main = join(context.root, 'out', 'test', 'support', 'runner', child.main);
  try {
    const result = await runChildGroup(process.execPath, ['--enable-source-maps', main, report, ...child.args], {
      cwd: context.root,
      env: context.env,
      killAfterMs: child.killAfterMs,
      output: 'inherit',
    });
    if (result.timedOut) throw new Error(`The ring was ended after ${child.killAfterMs / 1000} s.`);
    if (!existsSync(report)) throw new Error(`The ring ended early, with exit code ${result.exitCode ?? 'none'}.`);
    return countOutcomes(JSON.parse(readFileSync(report, 'utf8')) as readonly TestOutcome[]);
  } finally {
    rmSync(reportDir, { recursive: true, force: true });
  }
}

function countOutcomes(outcomes: readonly TestOutcome[]): RingCounts {
  const failed = outcomes.filter((outcome) => !outcome.passed);
  const unsteady = outcomes.filter((outcome) => outcome.passed && outcome.error !== undefined);
  return {
    passed: outcomes.length - failed.length,
    failed: failed.length,
    failures: failed.map(titleAndError),
    unsteady: unsteady.map(titleAndError),
  };
}

function titleAndError({ title, error }: TestOutcome): string {
  return `${title}\n${error ?? ''}`;
}
