import assert from 'node:assert/strict';
import { TokenBucket } from '../../../src/model/tokenBucket';

function taken(bucket: TokenBucket, nowMs: number): number {
  let count = 0;
  while (bucket.take(nowMs)) count++;
  return count;
}

describe('TokenBucket', () => {
  it('is_full_at_first', () => {
    assert.equal(taken(new TokenBucket(3, 1), 1_000), 3);
  });

  it('refills_with_time_up_to_its_capacity', () => {
    const bucket = new TokenBucket(3, 2);
    taken(bucket, 0);
    assert.equal(taken(bucket, 499), 0);
    assert.equal(taken(bucket, 500), 1);
    assert.equal(taken(bucket, 60_000), 3);
  });

  it('refills_nothing_when_time_goes_backwards', () => {
    const bucket = new TokenBucket(1, 1);
    taken(bucket, 5_000);
    assert.equal(taken(bucket, 1_000), 0);
    assert.equal(taken(bucket, 2_000), 1);
  });
});
