import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { idleBackend, patientMs, useFaultScenario, type FaultScenario } from '../support/faultScenario';
import { repositoryRoot } from '../support/repositoryRoot';
import { waitUntil } from '../support/waitUntil';

const script = join(repositoryRoot, 'out', 'test', 'faults', 'jumpingClockMain.js');
const hourMs = 3_600_000;

describe('faults: the clock of the machine is set', function () {
  this.timeout(90_000);
  const scenario = useFaultScenario(patientMs, script);

  const setClock = async (s: FaultScenario, aheadMs: number): Promise<void> => {
    writeFileSync(`${s.broker.stateDir}.clock`, String(aheadMs));
    process.kill(s.broker.brokerPid ?? 0, 'SIGUSR2');
    await s.broker.declare({ api: { ...idleBackend, idleTimeout: '3s' }, probe: idleBackend });
    // Told with the time of the broker's clock.
    const { stateSince } = await s.broker.start('probe');
    assert.ok(Math.abs(stateSince - Date.now() - aheadMs) < hourMs / 2, 'its clock is set');
    await s.broker.stop('probe');
  };

  for (const aheadMs of [hourMs, -hourMs])
    it(`an hour ${aheadMs > 0 ? 'forward' : 'back'}: nothing is put to sleep early, nothing stays awake for it, and it is taken over as before`, async () => {
      const s = scenario();
      await s.broker.declare({ api: { ...idleBackend, idleTimeout: '3s' } });
      const { pid } = await s.broker.start('api');
      const startedAtMs = performance.now();
      await setClock(s, aheadMs);
      assert.equal((await s.broker.start('api')).pid, pid, 'the jump itself ends nothing');
      const ready = s.broker.view('api').idle?.remainingMs ?? 0;
      assert.ok(ready <= 3_000, `${ready} ms remain`);
      await s.broker.waitFor('api', 'quiesced');
      assert.ok(performance.now() - startedAtMs >= 2_900, 'its whole idle timeout has passed');
      const awake = await s.broker.start('api');
      await s.replaceBroker();
      const adopted = await waitUntil('it to be taken over', () => {
        const { state, pid: now } = s.broker.view('api');
        return state === 'ready' ? now : undefined;
      });
      assert.equal(adopted, awake.pid);
      await s.broker.stop('api');
      assert.deepEqual(s.records(), []);
    });
});
