import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { raceVerdicts } from './races';

describe('a request that comes when a sleep is decided', function () {
  this.timeout(120_000);
  const broker = useBroker();
  useLeakCheck(20_000);

  it('is answered, whoever is first', async () => {
    const { sent, lost, sleeps } = await raceVerdicts(broker(), { backends: 8, roundsEach: 13 });
    assert.deepEqual([sent, lost], [104, []]);
    assert.ok(sleeps > 10, `only ${sleeps} of them met a backend that was about to sleep, or slept`);
  });
});
