import assert from 'node:assert/strict';
import type { GatewayLease } from '../../../src/gateway/gatewayEvents';
import { longestUnansweredMs, mixedQuietMs, quietMs, RawUse } from '../../../src/gateway/rawUse';
import { ManualClock } from '../vscode/manualClock';

const query = Buffer.from('SELECT 1');

function used(): { clock: ManualClock; use: RawUse; leases: Set<GatewayLease> } {
  const clock = new ManualClock();
  const leases = new Set<GatewayLease>();
  const use = new RawUse({
    clock,
    begin: (kind, words) => {
      const lease = { kind, words, sinceMs: clock.nowMs() };
      leases.add(lease);
      return lease;
    },
    end: (lease) => void leases.delete(lease),
  });
  return { clock, use, leases };
}

describe('RawUse', () => {
  it('lasts_from_the_question_until_the_answer_is_quiet', () => {
    const { clock, use, leases } = used();
    use.asked(query);
    use.asked(query);
    assert.deepEqual(
      [...leases].map(({ kind }) => kind),
      ['raw'],
    );
    for (let part = 0; part < 5; part++) {
      use.answered();
      clock.advance(quietMs - 1);
      assert.deepEqual(
        [...leases].map(({ kind }) => kind),
        ['rawAnswered'],
        'more of it may be to come',
      );
    }
    clock.advance(1);
    assert.deepEqual([leases.size, clock.pending], [0, 0]);
  });

  it('ends_by_itself_ten_minutes_after_the_last_bytes_of_a_client_who_gets_no_answer', () => {
    const { clock, use, leases } = used();
    use.asked(query);
    clock.advance(longestUnansweredMs - 1_000);
    use.asked(query);
    clock.advance(longestUnansweredMs - 1);
    assert.equal(leases.size, 1);
    clock.advance(1);
    assert.equal(leases.size, 0);
    assert.equal(clock.pending, 0);
    use.asked(query);
    assert.equal(leases.size, 1, 'what comes later counts again');
  });

  it('takes_no_ticket_and_no_frame_for_the_end_of_what_was_asked', () => {
    for (const hello of [Buffer.from([22, 3, 1, 2, 0, 1]), Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')]) {
      const { clock, use, leases } = used();
      use.asked(hello);
      use.answered();
      use.asked(query);
      use.answered();
      clock.advance(mixedQuietMs - 1);
      assert.equal(leases.size, 1);
      clock.advance(1);
      assert.equal(leases.size, 0);
    }
  });

  it('does_not_count_words_for_a_client_that_said_nothing', () => {
    const { use, clock, leases } = used();
    use.answered();
    assert.deepEqual([leases.size, clock.pending], [0, 0]);
  });

  it('leaves_neither_lease_nor_timer', () => {
    const { clock, use, leases } = used();
    for (let round = 0; round < 5; round++) {
      use.asked(query);
      use.answered();
    }
    assert.equal(clock.pending, 1, 'one timer for all');
    use.asked(query);
    use.dispose();
    assert.equal(leases.size, 0);
    assert.equal(clock.pending, 0);
  });
});
