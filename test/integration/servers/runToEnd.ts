import assert from 'node:assert/strict';
import { createSystemClock } from '../../../src/platform/systemClock';
import { definedEnvironment } from '../../../src/platform/process/environment';
import { runCommand } from '../../../src/platform/process/runCommand';

/** What a program printed that had to end well. */
export async function runToEnd(argv: readonly string[], cwd: string): Promise<string> {
  const env = definedEnvironment(process.env);
  const result = await runCommand(argv, { timeoutMs: 40_000, cwd, env, clock: createSystemClock() });
  assert.ok(result.kind === 'exited' && result.status.code === 0, `${argv.join(' ')}: ${JSON.stringify(result)}`);
  return result.output.trim();
}
