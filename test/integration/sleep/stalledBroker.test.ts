import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { stallBroker } from './stalls';

describe('a broker that was frozen while its backends were used', function () {
  this.timeout(60_000);
  const broker = useBroker();
  useLeakCheck(20_000);

  it('puts none of them to sleep', async () => {
    const plan = { backends: 5, stallsMs: [2_500, 2_500], gateway: false };
    assert.deepEqual(await stallBroker(broker(), plan), { judged: 10, falseIdle: [] });
  });

  it('puts none to sleep that it has a gateway in front of', async () => {
    const plan = { backends: 5, stallsMs: [2_500], gateway: true };
    assert.deepEqual(await stallBroker(broker(), plan), { judged: 5, falseIdle: [] });
  });
});
