/** A supervisor that is killed by the test: spawns one backend, tells its run, and waits. */
import { definedEnvironment } from '../../../src/platform/process/environment';
import { spawnBackend } from '../../../src/platform/process/spawnBackend';

const [cwd = '', logFile = '', ...command] = process.argv.slice(2);

async function main(): Promise<void> {
  const result = await spawnBackend({ command, cwd, logFile, env: definedEnvironment(process.env) });
  if (result.kind === 'failed') throw new Error(result.problem.message);
  const { marker, identity } = result.run;
  process.stdout.write(`${JSON.stringify({ marker, identity })}\n`);
}

void main();
