import assert from 'node:assert/strict';
import type { GatewayLease } from '../../../src/gateway/gatewayEvents';
import { longestUnansweredMs, RawUse } from '../../../src/gateway/rawUse';
import { ManualClock } from '../vscode/manualClock';

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
  it('lasts_from_the_question_to_the_answer', () => {
    const { use, leases } = used();
    use.asked();
    use.asked();
    assert.deepEqual(
      [...leases].map(({ kind }) => kind),
      ['raw'],
    );
    use.answered();
    assert.equal(leases.size, 0);
  });

  it('ends_by_itself_ten_minutes_after_the_last_bytes_of_a_client_who_gets_no_answer', () => {
    const { clock, use, leases } = used();
    use.asked();
    clock.advance(longestUnansweredMs - 1_000);
    use.asked();
    clock.advance(longestUnansweredMs - 1);
    assert.equal(leases.size, 1);
    clock.advance(1);
    assert.equal(leases.size, 0);
    assert.equal(clock.pending, 0);
    use.asked();
    assert.equal(leases.size, 1, 'what comes later counts again');
  });

  it('leaves_neither_lease_nor_timer', () => {
    const { clock, use, leases } = used();
    for (let round = 0; round < 5; round++) {
      use.asked();
      use.answered();
    }
    assert.equal(clock.pending, 1, 'one timer for all');
    use.asked();
    use.dispose();
    assert.equal(leases.size, 0);
    assert.equal(clock.pending, 0);
  });
});
