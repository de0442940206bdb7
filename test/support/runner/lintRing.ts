import { join } from 'node:path';
import { runChildGroup } from './childGroup';
import { addCounts, noCounts, oneFailure, type RingContext, type RingCounts } from './ring';

const checks: readonly { readonly name: string; readonly script: string; readonly args: readonly string[] }[] = [
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', '.'] },
  { name: 'eslint', script: 'node_modules/eslint/bin/eslint.js', args: ['--max-warnings', '0', '.'] },
  { name: 'borders', script: 'out/test/support/borders/check.js', args: [] },
  { name: 'format', script: 'node_modules/prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'dead code', script: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
];

/** Each check counts as one test; its output is shown only when it fails. */
export async function runLintRing(context: RingContext, killAfterMs: number): Promise<RingCounts> {
  let counts = noCounts;
  for (const check of checks) {
    if (context.grep !== undefined && !new RegExp(context.grep).test(`lint ${check.name}`)) continue;
    const result = await runChildGroup(process.execPath, [join(context.root, check.script), ...check.args], {
      cwd: context.root,
      env: context.env,
      killAfterMs,
      output: 'capture',
    });
    const passed = result.exitCode === 0;
    counts = addCounts(
      counts,
      passed ? { passed: 1, failed: 0 } : oneFailure(`lint ${check.name}\n${result.output.trimEnd()}`),
    );
    context.print(`  ${passed ? '✔' : '✘'} ${check.name}${result.timedOut ? ' (ended: took too long)' : ''}`);
    if (!passed) context.print(result.output.trimEnd());
  }
  return counts;
}
