import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { listFamily } from '../../../src/platform/process/family';
import { startLeash } from '../../../src/platform/process/leash';
import type { Run } from '../../../src/platform/process/types';
import { useBackendRuns } from '../../support/backendRun';
import { programPath } from '../../support/hostileProgram';
import { neededProgram } from '../../support/neededProgram';
import { waitUntil } from '../../support/waitUntil';

describe('a process whose first thread alone has ended', function () {
  this.timeout(30_000);
  const runs = useBackendRuns();

  const start = async (): Promise<Run> => {
    const run = await runs.start([neededProgram('python3'), programPath('threadGoesOn.py')]);
    await runs.printed(/^up$/m);
    return run;
  };
  const threadsOf = ({ identity: { pid } }: Run): boolean => existsSync(`/proc/${pid}/task`);

  it('lives: it is of the family, and a stop ends it', async () => {
    const run = await start();
    assert.deepEqual(
      (await listFamily(run)).map(({ pid }) => pid),
      [run.identity.pid],
    );
    assert.deepEqual(await runs.stop(run), { forced: false, leftovers: [] });
    assert.equal(run.exitStatus?.signal, 'SIGTERM');
  });

  it('is ended by the leash', async () => {
    const run = await start();
    const leash = await startLeash({ records: undefined, machine: 'machine' }, runs.clock);
    await leash.send({ kind: 'hold', holdMs: 0 });
    const { marker, identity: leader } = run;
    await leash.send({ kind: 'run', run: { marker, leader, signal: 'SIGTERM', graceMs: 20_000 } });
    leash.release();
    await leash.exited;
    await waitUntil('the process to be reaped', () => !threadsOf(run));
    assert.equal(run.exitStatus?.signal, 'SIGTERM');
  });
});
