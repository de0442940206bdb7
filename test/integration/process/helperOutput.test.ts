import assert from 'node:assert/strict';
import { definedEnvironment } from '../../../src/platform/process/environment';
import { outputOf } from '../../../src/platform/process/launch';
import { useLeakCheck } from '../../support/leakCheck';

describe('the output of a helper', function () {
  this.timeout(10_000);
  useLeakCheck();
  const ask = (script: string, timeoutMs?: number): Promise<string | undefined> =>
    outputOf('/bin/sh', ['-c', script], definedEnvironment(process.env), timeoutMs);

  it('is what it printed', async () => assert.equal(await ask('echo one; echo two'), 'one\ntwo\n'));

  it('is nothing when it failed: what it printed may be half of it', async () => {
    assert.equal(await ask('echo one; exit 1'), undefined);
  });

  it('is nothing when it hangs, and it is killed', async () => {
    const startMs = performance.now();
    assert.equal(await ask('echo one; exec sleep 60', 300), undefined);
    assert.ok(performance.now() - startMs < 3_000);
  });

  it('is nothing when it cannot be run', async () => {
    assert.equal(await outputOf('no-such-helper', [], {}), undefined);
  });
});
