import assert from 'node:assert/strict';
import { SeenPorts } from '../../../src/broker/seenPorts';
import type { IpFamily } from '../../../src/platform/net/socketTable';

describe('SeenPorts', () => {
  const table = { v4: new Set([1]), v6: new Set([2]) };
  let reads: IpFamily[];
  let seen: SeenPorts;

  beforeEach(() => {
    reads = [];
    seen = new SeenPorts((family) => {
      reads.push(family);
      return table[family];
    });
  });

  it('reads_both_families_at_first', () => {
    assert.deepEqual(seen.now('5 3', 0), [table.v4, table.v6]);
    assert.deepEqual(reads, ['v4', 'v6']);
  });

  it('reads_again_only_the_family_of_which_the_count_has_moved', () => {
    seen.now('5 3', 0);
    seen.now('6 3', 10);
    assert.deepEqual(reads, ['v4', 'v6', 'v4']);
    seen.now('6 4', 20);
    assert.deepEqual(reads, ['v4', 'v6', 'v4', 'v6']);
  });

  it('believes_nothing_for_longer_than_half_a_second', () => {
    seen.now('5 3', 0);
    seen.now('5 3', 499);
    assert.equal(reads.length, 2);
    seen.now('5 3', 500);
    assert.equal(reads.length, 4);
  });

  it('reads_each_time_without_a_count', () => {
    seen.now(undefined, 0);
    seen.now(undefined, 1);
    assert.equal(reads.length, 4);
  });
});
