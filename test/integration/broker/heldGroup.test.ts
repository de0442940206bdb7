import assert from 'node:assert/strict';
import { join } from 'node:path';
import { RunGuard } from '../../../src/broker/runGuard';
import { groupPlace } from '../../../src/platform/process/controlGroup';
import { LinuxProcTable } from '../../../src/platform/process/linuxProcTable';
import { newMarker } from '../../../src/platform/process/runMarker';
import type { ProcessStat } from '../../../src/platform/process/types';
import { useBackendRuns } from '../../support/backendRun';

/** To which this process seems to be another one, so that what it writes down is that of a broker that is dead. */
class EarlierTable extends LinuxProcTable {
  override statOf(pid: number): ProcessStat | undefined {
    const stat = super.statOf(pid);
    return stat && pid === process.pid ? { ...stat, startTime: '1' } : stat;
  }
}

/** That sees nobody but us. */
class BlindTable extends LinuxProcTable {
  override async stats(): Promise<readonly ProcessStat[]> {
    return (await super.stats()).filter(({ pid }) => pid === process.pid);
  }
}

const marker = newMarker();
const place = groupPlace(marker);

describe('what an earlier broker left in a control group', function () {
  this.timeout(20_000);
  const runs = useBackendRuns();
  const logger = { log: (): void => {} };

  it('is not forgotten while somebody holds the group, though a look sees nobody', async () => {
    const more = place.kind === 'place' ? { group: place.path } : {};
    const ports = { stateDir: join(runs.dir, 'state'), inProcess: false, clock: runs.clock, logger };
    const stop = { signal: 'SIGTERM', graceMs: 1_000 };
    const launch = { cwd: runs.dir, fingerprint: 'f', ownNames: [], logOffset: 0 };
    const guarded = { marker, key: 'folder#api', stop, launch, ...more };
    const earlier = new RunGuard({ ...ports, table: new EarlierTable() });
    await earlier.intend(guarded);
    const run = await runs.start(['sleep', '100'], { marker, ...more });
    await earlier.started(guarded, run.identity);
    const later = new RunGuard({ ...ports, table: new BlindTable() });
    const { adoptable, abandoned } = await later.takeOver();
    const expected = place.kind === 'place' ? [marker] : [];
    assert.deepEqual([adoptable.length, abandoned.map(({ entry }) => entry.marker)], [0, expected]);
    await runs.stop(run);
    later.over(marker);
    earlier.over(marker);
    later.dispose();
    earlier.dispose();
  });
});
