import { BrokerHarness } from '../../test/support/brokerHarness';
import { stallBroker } from '../../test/integration/sleep/stalls';
import type { Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';

const backends = 5;
/** Six short freezes and a long one, like a laptop that slept. */
const stallsMs = [2_500, 2_500, 2_500, 2_500, 2_500, 2_500, 60_000];

/** How often a broker that was frozen puts to sleep what was in use all the time. */
export async function measureIdleStalls({ print }: BenchContext): Promise<Measured> {
  const harness = new BrokerHarness();
  try {
    print(`  freezing the broker ${stallsMs.length} times under the traffic of ${backends} backends …`);
    const { judged, falseIdle } = await stallBroker(harness, { backends, stallsMs, gateway: false });
    for (const each of falseIdle) print(`  ${each}`);
    const unit = `of ${judged} judgements`;
    return {
      comparisons: [
        {
          measure: 'false idle after a freeze of the broker',
          unit,
          ours: falseIdle.length,
          target: { of: 'ours', atMost: 0 },
        },
      ],
      notes: [
        `Freezes of ${stallsMs.map((ms) => ms / 1_000).join(', ')} s; each backend is asked every 0.2 s, its idle timeout is 1.5 s.`,
      ],
    };
  } finally {
    await harness.dispose();
  }
}
