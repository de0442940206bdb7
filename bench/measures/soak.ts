import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { allocatePort, isPortFree } from '../../src/platform/net/freePort';
import { BrokerHarness, isAlive } from '../../test/support/brokerHarness';
import { assertNothingLeft, openOracle } from '../../test/support/oracle';
import { waitUntil } from '../../test/support/waitUntil';
import { fleet } from '../soak/fleet';
import { Random } from '../soak/random';
import { Soak } from '../soak/soak';
import { Watch, type Sample } from '../soak/watch';
import type { Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';
import { percentile } from '../support/statistics';

const gateways = 20;
const stepsPerSecond = 4;

/** Random starts, stops, sleeps, wakes, requests, reloads, edits and kills; the second half without kills of the broker. */
export async function measureSoak({ minutes, seed, results, print }: BenchContext): Promise<Measured> {
  print(`  seed ${seed}, ${minutes} minutes`);
  const harness = new BrokerHarness({ reconnectGraceMs: 5_000 });
  const oracle = openOracle(harness.root);
  const random = new Random(seed);
  const soak = new Soak(harness, fleet(await freePorts(), minutes + 20), random, print);
  const watch = new Watch(harness, oracle, soak);
  const ending: string[] = [];
  try {
    await soak.open();
    await run(soak, watch, minutes * 60_000, print);
  } finally {
    soak.close();
    const gone = (): boolean => !harness.brokerPids.some(isAlive);
    keepDiary(harness, results);
    await waitUntil('the broker to exit without windows', gone, 60_000).catch((error: unknown) => {
      ending.push(String(error));
      for (const pid of harness.brokerPids.filter(isAlive)) process.kill(pid, 'SIGTERM');
    });
    await harness.dispose();
    ending.push(...(await leftAt(oracle)));
    oracle.close();
  }
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'soak.json'), `${JSON.stringify({ seed, done: soak.done, samples: watch.samples })}\n`);
  return measured(soak, watch, ending, seed);
}

async function run(soak: Soak, watch: Watch, lengthMs: number, print: BenchContext['print']): Promise<void> {
  const begunMs = performance.now();
  let told = 0;
  for (let elapsedMs = 0; elapsedMs < lengthMs; elapsedMs = performance.now() - begunMs) {
    soak.spareBroker = elapsedMs > lengthMs / 2;
    for (let step = 0; step < stepsPerSecond; step++) {
      soak.step();
      await sleep(1_000 / stepsPerSecond);
    }
    watch.look();
    if (Math.floor(elapsedMs / 60_000) === told) continue;
    told = Math.floor(elapsedMs / 60_000);
    const { rssMb = 0, fds = 0 } = watch.samples.at(-1) ?? {};
    print(
      `  ${told} min: ${JSON.stringify(soak.done)}, broker ${rssMb.toFixed(1)} MB, ${fds} descriptors, ${soak.faults.length + watch.faults.length} faults`,
    );
  }
  await soak.settle();
}

/** What the brokers wrote, to be read beside the faults. */
function keepDiary({ stateDir }: BrokerHarness, results: string): void {
  const diary = join(stateDir, 'broker.log');
  mkdirSync(results, { recursive: true });
  if (existsSync(diary)) copyFileSync(diary, join(results, 'soak-broker.log'));
}

async function leftAt(oracle: ReturnType<typeof openOracle>): Promise<readonly string[]> {
  return assertNothingLeft(oracle, 20_000).then(
    () => [],
    () => oracle.survivors().map((line) => `left at the end: ${line}`),
  );
}

function measured(soak: Soak, watch: Watch, ending: readonly string[], seed: number): Measured {
  const last = watch.samples.at(-1)?.broker;
  const calm = watch.samples.filter(({ broker }) => broker === last);
  const growth = (of: (sample: Sample) => number): number => {
    const part = Math.max(1, Math.floor(calm.length / 5));
    // The first fifth warms up.
    const [early, late] = [calm.slice(part, 2 * part), calm.slice(-part)].map((some) => percentile(some.map(of), 0.5));
    return (late ?? 0) - (early ?? 0);
  };
  const faults = [...soak.faults, ...watch.faults, ...ending];
  return {
    comparisons: [
      {
        measure: 'faults of the soak',
        unit: `of ${count(soak)} deeds`,
        ours: faults.length,
        target: { of: 'ours', atMost: 0 },
      },
      {
        measure: 'growth of the broker, RSS',
        unit: 'MB',
        ours: growth(({ rssMb }) => rssMb),
        target: { of: 'ours', atMost: 12 },
      },
      {
        measure: 'growth of the broker, descriptors',
        unit: '',
        ours: growth(({ fds }) => fds),
        target: { of: 'ours', atMost: 15 },
      },
    ],
    notes: [
      `Seed ${seed}: ${JSON.stringify(soak.done)}; at most ${watch.mostAlive} processes of backends at once; the last broker was watched for ${calm.length} looks.`,
    ],
    faults,
  };
}

function count({ done }: Soak): number {
  return Object.values(done).reduce((sum, times) => sum + times, 0);
}

async function freePorts(): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < gateways) ports.add((await allocatePort(isPortFree, ports)) ?? 0);
  return [...ports];
}
