import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import type { BackendErrorCode } from '../../../src/model/failure';
import { useBroker } from '../../support/brokerHarness';
import { failsWith } from '../../support/failsWith';
import { useLeakCheck } from '../../support/leakCheck';
import { startTraced } from '../../support/tracedBroker';

const tooLong = 'x'.repeat(200_000);

/** Every way in which a process does not come to be; what is said of it names the culprit. */
const failing: Readonly<Record<string, readonly [object, BackendErrorCode, RegExp]>> = {
  nowhere: [{ command: ['sleep', '60'], cwd: 'gone' }, 'cwdMissing', /gone/],
  file: [{ command: ['sleep', '60'], cwd: 'text' }, 'cwdMissing', /text/],
  unknown: [{ command: ['no-such-program', 'x'] }, 'commandNotFound', /no-such-program/],
  unknownInShell: [{ command: 'no-such-program x' }, 'commandNotFound', /not found/],
  text: [{ command: ['./text'] }, 'notExecutable', /text/],
  folder: [{ command: ['./folder'] }, 'notExecutable', /folder/],
  noInterpreter: [{ command: ['./script'] }, 'commandNotFound', /script/],
  longArgument: [{ command: ['sleep', tooLong] }, 'spawnFailed', /argument 1 is longer than 128 KiB/],
  longVariable: [{ command: ['sleep', '60'], env: { LONG: tooLong } }, 'spawnFailed', /variable LONG is longer/],
};

describe('a process that does not come to be', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('is told with what is wrong and where, and signals nobody, whatever is asked of it then', async () => {
    const b = broker();
    b.write('text', 'no program');
    b.write('folder/file', '');
    chmodSync(b.write('script', '#!/no/such/interpreter\n'), 0o755);
    const trace = await startTraced(b, 'kill');
    const definitions = Object.entries(failing).map(([name, [definition]]) => [name, definition] as const);
    await b.declare({ ...Object.fromEntries(definitions), real: { command: ['sleep', '60'], ready: 'none' } });
    for (const [name, [, code, words]] of Object.entries(failing)) {
      await assert.rejects(b.start(name), failsWith(code), name);
      assert.match(b.view(name).failure?.message ?? '', words, name);
      assert.equal(b.view(name).pid, undefined);
      assert.equal((await b.stop(name)).state, 'stopped');
    }
    // One that comes to be shows that a signal would have been seen.
    const { pid = 0 } = await b.start('real');
    await b.stop('real');
    const signals = [...(await trace()).matchAll(/kill\((-?\d+), (?!0\))\w+\)/g)].map(([, to]) => Number(to));
    assert.ok(signals.length > 0);
    assert.deepEqual(
      signals.filter((to) => Math.abs(to) !== pid),
      [],
    );
    assert.deepEqual(b.brokerPids, [], 'the window started no other broker');
  });
});
