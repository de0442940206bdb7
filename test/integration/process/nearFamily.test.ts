import assert from 'node:assert/strict';
import { listFamily } from '../../../src/platform/process/family';
import { hostProcTable } from '../../../src/platform/process/hostProcTable';
import { nearFamily } from '../../../src/platform/process/nearFamily';
import { useBackendRuns } from '../../support/backendRun';

describe('the part of a family that can be told at once', function () {
  this.timeout(20_000);
  const runs = useBackendRuns();

  it('ends where the keep-list does, as the whole family does', async () => {
    const daemon = `setsid sh -c 'sleep 61 & echo "child $!"; : kept-daemon; wait' & echo "daemon $!"`;
    const run = await runs.start(`${daemon}; sleep 62 & echo "own $!"; wait`, { keep: ['kept-daemon'] });
    const [, child] = await runs.printed(/^child (\d+)$/m);
    const [, kept] = await runs.printed(/^daemon (\d+)$/m);
    const [, own] = await runs.printed(/^own (\d+)$/m);
    const near = nearFamily(run, hostProcTable());
    assert.deepEqual(new Set(near), new Set([run.identity.pid, Number(own)]));
    for (const pid of [kept, child]) assert.equal(near.includes(Number(pid)), false);
    const whole = (await listFamily(run)).map(({ pid }) => pid);
    assert.ok(near.every((pid) => whole.includes(pid)));
    assert.equal(whole.includes(Number(kept)), false);
    process.kill(Number(kept), 'SIGKILL');
    await runs.stop(run);
  });

  it('holds all who descend from the leader where nothing is kept, and none once it has exited', async () => {
    const run = await runs.start(`setsid sh -c 'sleep 61 & echo "child $!"; wait' & sleep 62 & echo up; wait`);
    const [, child] = await runs.printed(/^child (\d+)$/m);
    assert.ok(nearFamily(run, hostProcTable()).includes(Number(child)));
    await runs.stop(run);
    assert.deepEqual(nearFamily(run, hostProcTable()), []);
  });
});
