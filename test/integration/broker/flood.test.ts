import assert from 'node:assert/strict';
import { useBroker } from '../../support/brokerHarness';
import { flood, floodLineBytes, isWithoutHole } from '../../support/flood';

const mebibyte = 1024 * 1024;

describe('a flood of output', function () {
  this.timeout(200_000);
  const broker = useBroker();

  it('of 100 MB stays within two files and without a hole, and neither the broker grows nor a neighbour waits', async () => {
    const lines = Math.ceil((100 * mebibyte) / floodLineBytes);
    const seen = await flood(broker(), lines);
    assert.equal(seen.kept.at(-1), lines);
    assert.ok(seen.kept.length * floodLineBytes > 14 * mebibyte, `${seen.kept.length} lines are kept`);
    assert.ok(isWithoutHole(seen));
    assert.ok(seen.mostDiskBytes <= 33 * mebibyte, `${seen.mostDiskBytes} bytes on disk`);
    assert.ok(seen.mostMb - seen.restMb < 24, `from ${seen.restMb} MB to ${seen.mostMb} MB`);
    assert.ok(seen.slowestMs < 10_000, `a neighbour answered after ${seen.slowestMs} ms`);
  });
});
