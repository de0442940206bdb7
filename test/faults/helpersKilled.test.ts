import assert from 'node:assert/strict';
import { isAlive } from '../support/brokerHarness';
import { idleBackend, useFaultScenario, type FaultScenario } from '../support/faultScenario';
import { processesWith } from '../support/leakCheck';
import { waitUntil } from '../support/waitUntil';

describe('faults: the log pump is killed', function () {
  this.timeout(60_000);
  const scenario = useFaultScenario();

  const killPump = async (s: FaultScenario): Promise<void> => {
    const { marker } = JSON.parse(s.records()[0] ?? '{}') as { readonly marker: string };
    const pump = (): number[] =>
      processesWith(`LOCAL_BACKENDS_LOG_OF=${marker}`).map((line) => Number.parseInt(line, 10));
    await waitUntil('the pump to be gone', () => {
      const left = pump();
      for (const pid of left) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      return left.length === 0;
    });
  };

  it('of a backend that is silent: it goes on, stops as ever, and its next start has another pump', async () => {
    const s = scenario();
    const [pid] = await s.startIdle(1);
    const printed = (times: number): Promise<boolean> =>
      waitUntil('output', () => s.broker.logOf('idle0').match(/^almost there$/gm)?.length === times);
    await printed(1);
    await killPump(s);
    assert.equal((await s.broker.start('idle0')).pid, pid);
    assert.equal((await s.broker.stop('idle0')).state, 'stopped');
    await s.broker.start('idle0');
    await printed(2);
  });

  it('of a backend that prints: it has failed with the signal of a broken pipe, and starts again', async () => {
    const s = scenario();
    const command = ['/bin/sh', '-c', 'while :; do echo line; sleep 0.02; done'];
    await s.broker.declare({ chatty: { command, ready: { log: 'line' } }, idle0: idleBackend });
    await s.broker.start('chatty');
    await killPump(s);
    const { failure } = await s.broker.waitFor('chatty', 'failed');
    assert.deepEqual([failure?.code, failure?.signal], ['crashed', 'SIGPIPE']);
    const before = s.broker.logOf('chatty').length;
    assert.equal((await s.broker.start('chatty')).state, 'ready');
    assert.ok(s.broker.logOf('chatty').length > before);
  });
});
