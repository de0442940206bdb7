import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChildGroup } from './childGroup';
import { noCounts, type RingContext, type RingCounts, type RingName } from './ring';
import type { TestOutcome } from './runMocha';

export interface MochaRingOptions {
  readonly name: RingName;
  readonly killAfterMs: number;
  readonly testTimeoutMs: number;
}

/** Runs `out/test/<ring>` in a process of its own, so that nothing it leaves open can hide in ours. */
export async function runMochaRing(context: RingContext, options: MochaRingOptions): Promise<RingCounts> {
  if (!existsSync(join(context.root, 'out', 'test', options.name))) return noCounts;
  const reportDir = mkdtempSync(join(tmpdir(), 'lbr-'));
  const report = join(reportDir, 'report.json');
  try {
    const main = join(context.root, 'out', 'test', 'support', 'runner', 'mochaMain.js');
    const args = ['--enable-source-maps', main, options.name, report, String(options.testTimeoutMs)];
    const result = await runChildGroup(process.execPath, context.grep === undefined ? args : [...args, context.grep], {
      cwd: context.root,
      env: context.env,
      killAfterMs: options.killAfterMs,
      output: 'inherit',
    });
    if (result.timedOut) throw new Error(`The ring was ended after ${options.killAfterMs / 1000} s.`);
    return countReport(report, result.exitCode);
  } finally {
    rmSync(reportDir, { recursive: true, force: true });
  }
}

function countReport(report: string, exitCode: number | undefined): RingCounts {
  if (!existsSync(report))
    throw new Error(`The ring ended with exit code ${exitCode ?? 'none'} before it was through.`);
  return countOutcomes(JSON.parse(readFileSync(report, 'utf8')) as readonly TestOutcome[]);
}

export function countOutcomes(outcomes: readonly TestOutcome[]): RingCounts {
  const passed = outcomes.filter((outcome) => outcome.passed).length;
  return { passed, failed: outcomes.length - passed };
}
