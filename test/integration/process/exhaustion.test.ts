import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkCwd } from '../../../src/platform/process/spawnChecks';
import { SpawnFailure } from '../../../src/platform/process/spawnProblem';
import type { SpawnProblem } from '../../../src/platform/process/types';
import { useLeakCheck } from '../../support/leakCheck';
import { useTempDir } from '../../support/tempDir';

describe('spawnBackend where the system says no', function () {
  this.timeout(20_000);
  const dir = useTempDir();
  useLeakCheck();

  it('tells that too many files are open, and works again when there is room', async () => {
    // In a process of its own, whose limit can be low.
    const script = join(__dirname, 'fullOfFilesMain.js');
    const { stdout } = await promisify(execFile)('/bin/sh', [
      '-c',
      'ulimit -n 64; exec "$@"',
      'sh',
      process.execPath,
      script,
      dir(),
    ]);
    const [full, after, blind, unknown] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SpawnProblem | { kind: string } | string | string[]);
    assert.deepEqual(full, {
      code: 'spawnFailed',
      message: '/bin/true could not be started: too many files are open.',
      hint: 'Stop some backends, or raise `ulimit -n`.',
    });
    assert.deepEqual(after, { kind: 'spawned' });
    assert.equal(blind, 'EMFILE', 'a process table that could not be read is not an empty one');
    assert.deepEqual(unknown, ['unknown', 'unknown'], 'a process that could not be looked at is not gone');
  });

  it('tells that a working directory may not be entered', async () => {
    const closed = join(dir(), 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o600);
    await asOrdinaryUser(dir(), async () => {
      await assert.rejects(
        checkCwd(closed),
        (error) =>
          error instanceof SpawnFailure &&
          error.problem.code === 'permissionDenied' &&
          error.problem.message.includes(closed),
      );
    });
    chmodSync(closed, 0o700);
    await checkCwd(closed);
  });
});

/** Root may enter everything, so the check is made as somebody else. */
async function asOrdinaryUser(open: string, run: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return run();
  chmodSync(open, 0o711);
  process.seteuid?.(65_534);
  try {
    await run();
  } finally {
    process.seteuid?.(0);
  }
}
