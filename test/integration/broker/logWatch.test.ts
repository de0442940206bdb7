import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createLogFiles } from '../../../src/broker/logFiles';
import { createSystemClock } from '../../../src/platform/systemClock';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { useTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

/** Watches that a process has on a folder, from the kernel's own books. */
function watchesOn(folder: string, pid: number): number {
  const inode = statSync(folder).ino.toString(16);
  let watches = 0;
  for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
    try {
      const lines = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1').split('\n');
      watches += lines.filter((line) => line.startsWith('inotify ') && line.includes(` ino:${inode} `)).length;
    } catch {
      // Closed between the listing and the look.
    }
  }
  return watches;
}

describe('the watch for output', function () {
  this.timeout(60_000);
  const dir = useTempDir();
  const broker = useBroker({ maxConcurrentStarts: 32 });
  useLeakCheck(10_000);

  it('is one for two hundred that start, tells each of its own output only, and is gone with the last', async () => {
    const logs = createLogFiles(dir(), createSystemClock());
    const files = Array.from({ length: 200 }, (_, index) => join(dir(), `${index}.log`));
    for (const file of files) writeFileSync(file, '');
    const heard = files.map(() => '');
    const follows = files.map((file, index) =>
      logs.follow(file, 0, (chunk) => {
        heard[index] = `${heard[index] ?? ''}${chunk.toString()}`;
      }),
    );
    assert.equal(watchesOn(dir(), process.pid), 1);
    for (const [index, file] of files.entries()) appendFileSync(file, `line of ${index}\n`);
    const expected = files.map((_, index) => `line of ${index}\n`);
    await waitUntil('each to hear its line', () => heard.every((text, index) => text === expected[index]));
    for (const follow of follows.slice(1)) follow.dispose();
    assert.equal(watchesOn(dir(), process.pid), 1, 'one still starts');
    follows[0]?.dispose();
    assert.equal(watchesOn(dir(), process.pid), 0);
    appendFileSync(files[0] ?? '', 'nobody hears this\n');
    assert.deepEqual(heard, expected);
  });

  it('is released by a real broker when all are ready, and there again for the next that starts', async () => {
    const b = broker();
    const names = Array.from({ length: 24 }, (_, index) => `prints${index}`);
    const prints = { command: ['sh', '-c', 'echo up; exec sleep 600'], ready: { log: 'up' } };
    const waits = { command: ['sh', '-c', 'exec sleep 600'], ready: { log: 'never said', timeout: '60s' } };
    await b.declare({ ...Object.fromEntries(names.map((name) => [name, prints])), waits });
    const folder = dirname(b.logFileOf('waits'));
    await Promise.all(names.map((name) => b.start(name)));
    assert.equal(watchesOn(folder, b.brokerPid ?? 0), 0, 'all are ready');
    const start = b.start('waits').catch((error: unknown) => error);
    await b.waitFor('waits', ({ pid }) => pid !== undefined);
    assert.equal(watchesOn(folder, b.brokerPid ?? 0), 1, 'one starts');
    await b.stop('waits');
    await start;
    assert.equal(watchesOn(folder, b.brokerPid ?? 0), 0, 'nobody starts');
  });
});
