/** The entry of the host ring inside an extension host; the same under a desktop VS Code and the npm-delivered one. */
import { writeFileSync } from 'node:fs';
import { hostGrepVariable, hostReportVariable } from '../support/runner/hostReport';
import { runMocha, specFiles } from '../support/runner/runMocha';

const testTimeoutMs = 60_000;

export async function run(): Promise<void> {
  const report = process.env[hostReportVariable];
  if (report === undefined) throw new Error(`${hostReportVariable} does not say where to report to.`);
  const grep = process.env[hostGrepVariable];
  const outcomes = await runMocha(specFiles(__dirname), {
    grep,
    timeoutMs: testTimeoutMs,
    secondTry: true,
    quiet: true,
  });
  writeFileSync(report, JSON.stringify(outcomes));
  const failed = outcomes.filter((outcome) => !outcome.passed).length;
  if (failed > 0) throw new Error(`${failed} of ${outcomes.length} tests failed.`);
}
