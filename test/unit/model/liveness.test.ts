import assert from 'node:assert/strict';
import { Liveness } from '../../../src/model/liveness';

describe('Liveness', () => {
  it('looks_once_a_period_while_it_answers', () => {
    const liveness = new Liveness(30_000);
    assert.equal(liveness.firstLookInMs, 30_000);
    for (let look = 0; look < 3; look++) assert.deepEqual(liveness.looked(true), { nextLookInMs: 30_000 });
  });

  it('withdraws_at_the_third_failure_in_a_row_and_not_before', () => {
    const liveness = new Liveness(30_000);
    assert.deepEqual(liveness.looked(false), { nextLookInMs: 1_000 });
    assert.deepEqual(liveness.looked(false), { nextLookInMs: 1_000 });
    assert.deepEqual(liveness.looked(false), { verdict: 'notAnswering', nextLookInMs: 5_000 });
    assert.deepEqual(liveness.looked(false), { nextLookInMs: 5_000 }, 'said once');
  });

  it('begins_to_count_anew_after_an_answer', () => {
    const liveness = new Liveness(30_000);
    liveness.looked(false);
    liveness.looked(false);
    assert.deepEqual(liveness.looked(true), { nextLookInMs: 30_000 });
    assert.deepEqual(liveness.looked(false), { nextLookInMs: 1_000 });
  });

  it('takes_the_withdrawal_back_with_the_first_answer', () => {
    const liveness = new Liveness(30_000);
    for (let look = 0; look < 5; look++) liveness.looked(false);
    assert.deepEqual(liveness.looked(true), { verdict: 'answering', nextLookInMs: 30_000 });
    assert.deepEqual(liveness.looked(true), { nextLookInMs: 30_000 });
  });

  it('never_pauses_longer_than_the_period', () => {
    const liveness = new Liveness(600);
    for (let look = 0; look < 5; look++) assert.equal(liveness.looked(false).nextLookInMs, 600);
  });
});
