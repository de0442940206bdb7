import { BrokerHarness } from '../../test/support/brokerHarness';
import { raceVerdicts } from '../../test/integration/sleep/races';
import type { Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';

const plan = { backends: 8, roundsEach: 125 };

/** How many requests are lost that come when a sleep is decided, carried out or over. */
export async function measureIdleRaces({ print }: BenchContext): Promise<Measured> {
  const harness = new BrokerHarness();
  try {
    print(`  ${plan.backends * plan.roundsEach} requests against the verdicts of ${plan.backends} backends …`);
    const { sent, lost, sleeps } = await raceVerdicts(harness, plan);
    for (const each of lost) print(`  ${each}`);
    return {
      comparisons: [
        {
          measure: 'requests lost in a race against a sleep',
          unit: `of ${sent}`,
          ours: lost.length,
          target: { of: 'ours', atMost: 0 },
        },
      ],
      notes: [`Going to sleep or asleep was told ${sleeps} times in the races.`],
    };
  } finally {
    await harness.dispose();
  }
}
