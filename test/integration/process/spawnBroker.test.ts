import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinuxProcTable } from '../../../src/platform/process/linuxProcTable';
import { spawnBroker } from '../../../src/platform/process/spawnBroker';
import { useLeakCheck } from '../../support/leakCheck';
import { useTempDir } from '../../support/tempDir';

describe('spawnBroker', () => {
  const dir = useTempDir();
  useLeakCheck();
  const table = new LinuxProcTable();

  const script = (text: string): string => {
    const path = join(dir(), 'broker.js');
    writeFileSync(path, text);
    return path;
  };

  it('starts a Node process of its own session, at the root, with the environment it is given', async () => {
    const outputFile = join(dir(), 'broker.log');
    const started = await spawnBroker({
      script: script(
        `process.send?.(''); console.log(JSON.stringify([process.cwd(), process.argv.slice(2), process.execArgv, process.env]))`,
      ),
      args: ['--state', 'x'],
      env: { KEPT: 'yes', NODE_OPTIONS: '--inspect', LOCAL_BACKENDS_RUN: 'a'.repeat(32) },
      outputFile,
    });
    assert.equal(started.kind, 'started');
    assert.equal(started.identity?.pid, started.pid);
    assert.deepEqual(await started.exited, { code: 0 });
    const said: unknown = JSON.parse(readFileSync(outputFile, 'utf8'));
    assert.ok(Array.isArray(said));
    const [cwd, args, nodeOptions, env] = said as unknown[];
    assert.deepEqual([cwd, args, env], ['/', ['--state', 'x'], { KEPT: 'yes', ELECTRON_RUN_AS_NODE: '1' }]);
    assert.ok(Array.isArray(nodeOptions) && nodeOptions.length > 0);
    assert.deepEqual(
      nodeOptions.filter(
        (option) => !/^--(max-semi-space-size|optimize-for-size|v8-pool-size|no-flush-bytecode)/.test(String(option)),
      ),
      [],
      'nothing but the size of its heap',
    );
  });

  it('leads a session of its own', async () => {
    const started = await spawnBroker({
      script: script('process.stdin.resume(); setTimeout(() => {}, 60_000)'),
      args: [],
      env: {},
    });
    assert.equal(started.kind, 'started');
    assert.equal(table.statOf(started.pid)?.sessionId, started.pid);
    process.kill(started.pid, 'SIGKILL');
    assert.deepEqual(await started.exited, { signal: 'SIGKILL' });
  });

  it('tells why it could not be started', async () => {
    const started = await spawnBroker({ script: 'x.js', args: [], env: {}, execPath: '/nowhere/node' });
    assert.equal(started.kind, 'failed');
    assert.equal(started.problem.code, 'commandNotFound');
    assert.match(started.problem.message, /\/nowhere\/node/);
  });
});
