import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeControlGroup } from '../../support/controlGroup';
import { removeDeadGroups } from '../../support/deadGroups';
import { useBackendRuns } from '../../support/backendRun';

describe('control groups that a killed test or bench left behind', function () {
  this.timeout(20_000);
  const runs = useBackendRuns();

  it('are removed at the next begin, with what is inside them, and those of the living are not', async () => {
    const run = await runs.start(['true']);
    await run.exited;
    const dead = makeControlGroup(`local-backends-cell-${run.identity.pid}-left`);
    const own = makeControlGroup(`local-backends-cell-${process.pid}-own`);
    const folderOf = (group: typeof dead): string => (group === undefined ? '/nonexistent' : dirname(group.door));
    if (dead !== undefined) mkdirSync(join(folderOf(dead), 'inner'));
    removeDeadGroups();
    assert.deepEqual([existsSync(folderOf(dead)), existsSync(folderOf(own))], [false, own !== undefined]);
    own?.close();
  });
});
