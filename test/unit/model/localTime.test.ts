import assert from 'node:assert/strict';
import { localDateTime } from '../../../src/model/localTime';

describe('local date and time', () => {
  it('are written with leading zeros, the year first', () => {
    assert.equal(localDateTime(new Date(2026, 0, 2, 3, 4, 5).getTime()), '2026-01-02 03:04:05');
    assert.equal(localDateTime(new Date(2026, 10, 25, 22, 44, 58).getTime()), '2026-11-25 22:44:58');
  });

  it('say midnight as zero hours', () => {
    assert.equal(localDateTime(new Date(2026, 5, 1).getTime()), '2026-06-01 00:00:00');
  });
});
