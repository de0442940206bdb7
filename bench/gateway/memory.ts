/** What connections cost the broker: parked ones of a sleeping backend, and ten thousand that come and go. */
import { BrokerHarness } from '../../test/support/brokerHarness';
import { startFireBackend } from '../../test/integration/gateway/fire';
import { memoryOf } from '../support/processUsage';
import { backendSource } from './backend';
import { Holders } from './holders';
import { keepAliveLatencies } from './load';

export interface MemorySizes {
  readonly parked: number;
  readonly many: number;
  /** How often the many come and go. */
  readonly rounds: number;
}

export interface MemoryFigures {
  readonly idleMb: number;
  readonly parkedMb: number;
  /** With the many parked, each round. */
  readonly manyMb: readonly number[];
  /** When all of them have gone, each round. */
  readonly goneMb: readonly number[];
  /** Connections that were closed or requests on them that were not answered. */
  readonly lost: number;
}

const holderCount = 4;
/** Asked in the same sleep: each needs a second connection to the backend until the next. */
const askedAtOnce = 1_000;

export async function measureMemory(sizes: MemorySizes, print: (line: string) => void): Promise<MemoryFigures> {
  const harness = new BrokerHarness();
  try {
    const port = await startFireBackend(harness, backendSource);
    const broker = harness.brokerPid;
    if (broker === undefined) throw new Error('no broker runs');
    const rss = (): number => memoryOf(broker).rssMb;
    // What the first requests and the first sleep load is not the price of a connection.
    await keepAliveLatencies(port, 2_000);
    await harness.sleepNow('api');
    const idleMb = rss();
    const parked = await park(harness, port, { count: sizes.parked, turns: 2 }, rss);
    print(`  memory: idle ${idleMb.toFixed(1)} MB, ${sizes.parked} parked ${parked.fullMb.toFixed(1)} MB`);
    const rounds = [];
    for (let round = 0; round < sizes.rounds; round++) {
      rounds.push(await park(harness, port, { count: sizes.many, turns: 1 }, rss));
      const { fullMb, goneMb } = rounds[round] ?? parked;
      print(`  memory: ${sizes.many} parked ${fullMb.toFixed(1)} MB, gone ${goneMb.toFixed(1)} MB`);
    }
    return {
      ...{ idleMb, parkedMb: parked.fullMb },
      manyMb: rounds.map(({ fullMb }) => fullMb),
      goneMb: rounds.map(({ goneMb }) => goneMb),
      lost: [parked, ...rounds].reduce((all, { lost }) => all + lost, 0),
    };
  } finally {
    await harness.dispose();
  }
}

/** So many keep-alive connections, each served in every turn, with sleeps between; then asleep, then closed. */
async function park(
  harness: BrokerHarness,
  port: number,
  { count, turns }: { readonly count: number; readonly turns: number },
  rss: () => number,
): Promise<{ readonly fullMb: number; readonly goneMb: number; readonly lost: number }> {
  const holders = new Holders(holderCount, port);
  try {
    const each = Math.ceil(count / holderCount);
    const step = Math.min(each, askedAtOnce / holderCount);
    await holders.order({ kind: 'open', count: each });
    let lost = 0;
    for (let turn = 0; turn < turns; turn++) {
      for (let from = 0; from < each; from += step) {
        lost += (await holders.order({ kind: 'ask', from, to: from + step })).failed;
        await harness.sleepNow('api');
      }
    }
    const { open } = await holders.order({ kind: 'ask', from: 0, to: 0 });
    const fullMb = rss();
    await holders.order({ kind: 'close' });
    // Answered only when the broker has seen all of them go.
    await keepAliveLatencies(port, 1);
    await harness.sleepNow('api');
    return { fullMb, goneMb: rss(), lost: lost + each * holderCount - open };
  } finally {
    await holders.end();
  }
}
