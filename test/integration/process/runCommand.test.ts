import assert from 'node:assert/strict';
import { CancellationSource } from '../../../src/base/cancellation';
import { definedEnvironment } from '../../../src/platform/process/environment';
import { runCommand, type CommandOptions, type CommandResult } from '../../../src/platform/process/runCommand';
import { createSystemClock } from '../../../src/platform/systemClock';
import { hostileProgram } from '../../support/hostileProgram';
import { processesWith, useLeakCheck } from '../../support/leakCheck';
import { useTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

describe('runCommand', function () {
  this.timeout(10_000);
  const dir = useTempDir();
  useLeakCheck();

  const run = (argv: readonly string[], more: Partial<CommandOptions> = {}): Promise<CommandResult> =>
    runCommand(argv, {
      cwd: dir(),
      env: { ...definedEnvironment(process.env), TAG: dir() },
      timeoutMs: 5_000,
      clock: createSystemClock(),
      ...more,
    });

  it('tells the exit status and what was printed', async () => {
    const result = await run(['/bin/sh', '-c', 'echo out; echo err >&2; exit 3']);
    assert.equal(result.kind, 'exited');
    assert.deepEqual(result.status, { code: 3 });
    assert.deepEqual(result.output.trim().split('\n').sort(), ['err', 'out']);
  });

  it('keeps the beginning of the output, up to its bound', async () => {
    const result = await run(['/bin/sh', '-c', 'yes abcdefg | head -n 100000'], { maxOutputBytes: 20 });
    assert.deepEqual(result, { kind: 'exited', status: { code: 0 }, output: 'abcdefg\nabcdefg\nabcd' });
  });

  it('kills the command and its children at the deadline', async () => {
    const startMs = performance.now();
    const result = await run(['/bin/sh', '-c', 'echo begun; sleep 60 & sleep 60'], { timeoutMs: 300 });
    assert.deepEqual(result, { kind: 'timedOut', output: 'begun\n' });
    assert.ok(performance.now() - startMs < 3_000);
  });

  it('kills the command and its children when nobody waits any more', async () => {
    const cancel = new CancellationSource();
    const startMs = performance.now();
    const result = run(['/bin/sh', '-c', 'sleep 60 & sleep 60'], { signal: cancel });
    await waitUntil('the command and its child', () => processesWith(`TAG=${dir()}`).length >= 3);
    cancel.cancel();
    assert.deepEqual(await result, { kind: 'cancelled' });
    assert.deepEqual(processesWith(`TAG=${dir()}`), []);
    assert.ok(performance.now() - startMs < 4_000);
    assert.deepEqual(await run(['/bin/sh', '-c', 'exit 0'], { signal: cancel }), { kind: 'cancelled' });
  });

  it('kills what ignores SIGTERM', async () => {
    assert.equal((await run(hostileProgram('ignoresTerm.mjs'), { timeoutMs: 500 })).kind, 'timedOut');
  });

  it('does not wait for a child that keeps the output open, and ends it', async () => {
    const result = await run(['/bin/sh', '-c', 'sleep 60 & echo done']);
    assert.deepEqual(result, { kind: 'exited', status: { code: 0 }, output: 'done\n' });
    assert.deepEqual(processesWith(`TAG=${dir()}`), []);
  });

  it('leaves a daemon of the keep-list running that it started', async () => {
    const [node = '', path = ''] = hostileProgram('neverListens.mjs');
    const cancel = new CancellationSource();
    const command = `setsid ${node} ${path} my-daemon & setsid ${node} ${path} other & sleep 60`;
    const result = run(['/bin/sh', '-c', command], { signal: cancel, keep: ['my-daemon'] });
    const found = (text: string): string[] =>
      processesWith(`TAG=${dir()}`).filter((seen) => seen.endsWith(`${path} ${text} `));
    await waitUntil('both', () => found('my-daemon').length === 1 && found('other').length === 1);
    cancel.cancel();
    assert.deepEqual(await result, { kind: 'cancelled' });
    const left = processesWith(`TAG=${dir()}`);
    assert.deepEqual(left, found('my-daemon'));
    process.kill(Number(left[0]?.split(' ')[0]), 'SIGKILL');
    await waitUntil('it is gone', () => found('my-daemon').length === 0);
  });

  it('tells why a command cannot be run', async () => {
    const result = await run(['no-such-command-here']);
    assert.equal(result.kind === 'failed' && result.problem.code, 'commandNotFound');
  });

  it('gives no input', async () => {
    assert.deepEqual(await run(['cat']), { kind: 'exited', status: { code: 0 }, output: '' });
  });
});
