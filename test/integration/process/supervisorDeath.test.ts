import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LinuxProcTable } from '../../../src/platform/process/linuxProcTable';
import { isSame } from '../../../src/platform/process/procTable';
import { stopRun } from '../../../src/platform/process/stopRun';
import { createSystemClock } from '../../../src/platform/systemClock';
import type { ExitStatus, ProcessIdentity, Run } from '../../../src/platform/process/types';
import { hostileProgram } from '../../support/hostileProgram';
import { assertNoProcessWithMarker } from '../../support/leakCheck';
import { useTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

describe('a backend whose supervisor is killed', function () {
  this.timeout(20_000);
  const dir = useTempDir();
  const table = new LinuxProcTable();
  let adopted: Run | undefined;
  let supervisor: ChildProcess | undefined;

  afterEach(async () => {
    if (supervisor?.exitCode === null && supervisor.signalCode === null) supervisor.kill('SIGKILL');
    supervisor = undefined;
    if (adopted) {
      await stopRun(adopted, { signal: 'SIGTERM', graceMs: 1_000 }, createSystemClock(), table);
      await assertNoProcessWithMarker(adopted.marker);
    }
    adopted = undefined;
  });

  const startAndOrphan = async (command: readonly string[]): Promise<Run> => {
    const script = join(__dirname, 'spawnerMain.js');
    const child = spawn(process.execPath, [script, dir(), join(dir(), 'log'), ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    supervisor = child;
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const told = JSON.parse(line) as { marker: string; identity: ProcessIdentity };
    const exited = waitUntil('its end', () => !isSame(told.identity, table), 60_000).then((): ExitStatus => ({}));
    adopted = { ...told, exitStatus: undefined, exited };
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    return adopted;
  };

  const log = (): string => readFileSync(join(dir(), 'log'), 'utf8');

  it('lives on, goes on logging, and its input does not end', async () => {
    const tick = `setInterval(() => console.log('tick'), 20); process.stdin.resume().on('end', () => process.exit(7));
      setTimeout(() => process.exit(99), 60_000);`;
    const run = await startAndOrphan([process.execPath, '-e', tick]);
    await waitUntil('it prints', () => log().includes('tick'));
    const before = log().length;
    await waitUntil('it goes on', () => log().length > before + 50);
    assert.equal(isSame(run.identity, table), true);
  });

  it('is stopped by whoever knows its identity and marker, with its children', async () => {
    const run = await startAndOrphan(hostileProgram('setsidChild.mjs'));
    await waitUntil('it has its child', () => log().includes('child'));
    const result = await stopRun(run, { signal: 'SIGTERM', graceMs: 2_000 }, createSystemClock(), table);
    assert.deepEqual(result, { forced: false, leftovers: [] });
  });
});
