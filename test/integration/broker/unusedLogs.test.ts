import assert from 'node:assert/strict';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgetUnusedLogs } from '../../../src/broker/logFiles';
import { createSystemClock } from '../../../src/platform/systemClock';
import { useTempDir } from '../../support/tempDir';

describe('the folder of the logs', () => {
  const dir = useTempDir();

  it('is rid of what nothing was written to for 90 days, and of nothing else', async () => {
    const nowSeconds = Date.now() / 1000;
    for (const [name, days] of [
      ['old.log', 91],
      ['old.log.1', 200],
      ['young.log', 89],
      ['new.log', 0],
    ] as const) {
      writeFileSync(join(dir(), name), 'a line\n');
      utimesSync(join(dir(), name), nowSeconds, nowSeconds - days * 86_400);
    }
    await forgetUnusedLogs(dir(), createSystemClock());
    assert.deepEqual(readdirSync(dir()).sort(), ['new.log', 'young.log']);
  });
});
