import { BrokerHarness } from '../../test/support/brokerHarness';
import { flood, floodLineBytes, isWithoutHole } from '../../test/support/flood';
import type { Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';
import { cpuMsOf } from '../support/processUsage';

const lines = Math.ceil(1e9 / floodLineBytes);
const megabyte = 1024 * 1024;

/** A gigabyte of output: what it costs the broker, how long a neighbour waits, what is on the disk. */
export async function measureFlood({ print }: BenchContext): Promise<Measured> {
  const harness = new BrokerHarness();
  try {
    await harness.declare({});
    const seen = await flood(harness, lines);
    const { kept, ...figures } = seen;
    const cpuMs = cpuMsOf(harness.brokerPid ?? 0);
    print(`  ${JSON.stringify({ ...figures, kept: kept.length, cpuMs })}`);
    const none = { of: 'ours', atMost: 0 } as const;
    const whole = isWithoutHole(seen) && kept.at(-1) === lines;
    return {
      comparisons: [
        { measure: 'flood of 1 GB: throughput', unit: 'MB/s', ours: 1e6 / seen.elapsedMs },
        {
          ...{ measure: 'flood: growth of the broker, RSS', unit: 'MB', ours: seen.mostMb - seen.restMb },
          target: { of: 'ours', atMost: 10 },
        },
        { measure: 'flood: processor time of the broker, its start included', unit: 'ms', ours: cpuMs },
        {
          ...{ measure: 'flood: logs on the disk at most', unit: 'MB', ours: seen.mostDiskBytes / megabyte },
          target: { of: 'ours', atMost: 33 },
        },
        { measure: 'flood: slowest request to a neighbour', unit: 'ms', ours: seen.slowestMs },
        { measure: 'flood: holes in what is kept', unit: '', ours: whole ? 0 : 1, target: none },
      ],
      notes: [`flood: of ${lines} lines the last ${kept.length} are kept.`],
    };
  } finally {
    await harness.dispose();
  }
}
