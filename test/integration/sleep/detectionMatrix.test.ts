import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { Matrix } from './matrix';
import { scenarios } from './scenarios';

describe('what is in use and what is not', function () {
  this.timeout(120_000);
  const broker = useBroker();
  useLeakCheck(20_000);

  for (const gateway of [false, true]) {
    it(`is judged right in ${scenarios.length} situations ${gateway ? 'behind a gateway' : 'by the connection table alone'}`, async () => {
      const matrix = new Matrix(broker(), gateway);
      try {
        await matrix.declare();
        await matrix.begin();
        assert.deepEqual(await matrix.answers(), matrix.expected());
      } finally {
        matrix.dispose();
      }
    });
  }
});
