import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/repositoryRoot';
import type { TestOutcome } from '../support/runner/runMocha';

/** Some of this ring that an ordinary user has less to do it with: signals, the ledger, the leash, what is left. */
const asOthers = [
  'with 3 backends and a window: the same processes',
  'with 3 backends and nobody else',
  'while it stops a backend: the stop is finished',
  'together with the broker: the next window',
  'is no JSON',
];
const nobody = 65_534;
const main = join(repositoryRoot, 'out', 'test', 'support', 'runner', 'mochaMain.js');
const become = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', process.execPath];

/** Only root may, and others must be able to read this. An ordinary user runs the whole ring as one. */
function canBecomeAnother(): boolean {
  return process.getuid?.() === 0 && spawnSync('setpriv', [...become, '--check', main]).status === 0;
}

if (canBecomeAnother()) {
  describe('faults: for an ordinary user', function () {
    this.timeout(240_000);
    let home: string | undefined;

    afterEach(() => {
      if (home !== undefined) rmSync(home, { recursive: true, force: true });
      home = undefined;
    });

    it('it is the same as for root', async () => {
      // The folder of the ring is closed to others.
      home = mkdtempSync('/tmp/local-backends-other-');
      const temp = join(home, 'temp');
      mkdirSync(temp);
      for (const folder of [home, temp]) chownSync(folder, nobody, nobody);
      const report = join(home, 'report.json');
      const args = [...become, main, report, 'faults', '60000', '1', asOthers.join('|')];
      const env = { ...process.env, HOME: home, TMPDIR: temp, XDG_RUNTIME_DIR: temp };
      await promisify(execFile)('setpriv', args, { env, timeout: 200_000 });
      const outcomes = JSON.parse(readFileSync(report, 'utf8')) as readonly TestOutcome[];
      assert.deepEqual(
        outcomes.filter(({ passed }) => !passed),
        [],
      );
      assert.deepEqual(
        asOthers.map((text) => outcomes.filter(({ title }) => title.includes(text)).length),
        asOthers.map(() => 1),
      );
    });
  });
}
