import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendSource } from '../gateway/backend';
import { costTable, measureCost, ourCost, type CostSample, type CostSizes } from '../gateway/cost';
import { measureFire, type FireFigure, type FireSizes } from '../gateway/fire';
import { startFronts } from '../gateway/fronts';
import { measureMemory, type MemoryFigures, type MemorySizes } from '../gateway/memory';
import { boots, measureWake, type WakeSample } from '../gateway/wake';
import type { Comparison, Measured } from '../support/comparison';
import type { BenchContext } from '../support/runBench';
import { percentile } from '../support/statistics';
import { BrokerHarness } from '../../test/support/brokerHarness';
import { startFireBackend } from '../../test/integration/gateway/fire';

interface Sizes {
  readonly cost: CostSizes;
  readonly wakeRounds: number;
  readonly memory: MemorySizes;
  readonly fire: FireSizes;
}

const megabyte = 1024 * 1024;
/** A run with fewer samples than this is a short one: it shows that all of it works, and little more. */
const manySamples = 6;

function sizesOf(samples: number): Sizes {
  const requests = { keptRequests: 2_000, freshRequests: 300, manyRequests: 5_000 };
  if (samples < manySamples) {
    const few = { keptRequests: 500, freshRequests: 100, manyRequests: 1_000 };
    return {
      cost: { ...few, rounds: samples, bodyBytes: 20 * megabyte, bodyRounds: 1 },
      wakeRounds: samples,
      memory: { parked: 200, many: 400, rounds: 2 },
      fire: { stops: 2, requests: 100, keptRequests: 100, bursts: 1 },
    };
  }
  return {
    cost: { ...requests, rounds: samples, bodyBytes: 200 * megabyte, bodyRounds: Math.ceil(samples / 3) },
    wakeRounds: samples,
    memory: { parked: 1_000, many: 10_000, rounds: 4 },
    fire: { stops: 40, requests: 3_000, keptRequests: 2_000, bursts: 5 },
  };
}

/** What the gateway costs and loses: beside no gateway at all, and beside proxies of others in front of the same backend. */
export async function measureGateway(context: BenchContext): Promise<Measured> {
  const { print, results } = context;
  const sizes = sizesOf(context.samples);
  const cost = await costOf(context, sizes.cost);
  const wakes = await measureWake(sizes.wakeRounds, print);
  const memory = await measureMemory(sizes.memory, print);
  const fire = await measureFire(sizes.fire, print);
  writeFileSync(join(results, 'gateway.json'), JSON.stringify({ ...cost, wakes, memory, fire }, undefined, 1));
  writeFileSync(join(results, 'gateway.md'), `${cost.table}\n`);
  return {
    comparisons: [
      ...costComparisons(cost.samples),
      ...boots.map((bootMs) => wakeComparison(wakes, bootMs)),
      ...memoryComparisons(memory, sizes.memory),
      ...fire.map(fireComparison),
    ],
    notes: [
      ...(cost.missing.length === 0 ? [] : [`Not installed, and left out: ${cost.missing.join(', ')}.`]),
      `What each front adds, and its share of what goes directly:\n\n${cost.table}\n`,
      `${sizes.memory.many} connections come and go: ${memory.manyMb.map(inMb).join(', ')} while they are there, ${memory.goneMb.map(inMb).join(', ')} after.`,
      ...fire.map(({ what, requests, stops }) => `${what}: ${requests} requests, ${stops} stops.`),
    ],
  };
}

async function costOf(
  { scratch, print }: BenchContext,
  sizes: CostSizes,
): Promise<{ readonly samples: readonly CostSample[]; readonly table: string; readonly missing: readonly string[] }> {
  const harness = new BrokerHarness();
  try {
    const port = await startFireBackend(harness, backendSource);
    const started = await startFronts(port, harness.view('api').upstreamPort ?? 0, scratch);
    try {
      const samples = await measureCost(started.fronts, sizes, print);
      return { samples, table: costTable(samples, started.fronts), missing: started.missing };
    } finally {
      await started.end();
    }
  } finally {
    await harness.dispose();
  }
}

function costComparisons(samples: readonly CostSample[]): readonly Comparison[] {
  return [
    {
      ...{ measure: 'request on a kept connection, p50', unit: 'ms', ...ourCost(samples, 'keptP50Ms') },
      target: { of: 'excess', atMost: 0.05 },
    },
    { measure: 'request on a kept connection, p95', unit: 'ms', ...ourCost(samples, 'keptP95Ms') },
    { measure: 'request on a new connection, p50', unit: 'ms', ...ourCost(samples, 'freshP50Ms') },
    { measure: 'request on a new connection, p95', unit: 'ms', ...ourCost(samples, 'freshP95Ms') },
    {
      ...{ measure: 'requests/s on one kept connection', unit: '1/s', ...ourCost(samples, 'keptRate') },
      target: { of: 'ratio', atLeast: 0.6 },
    },
    ...(['downloadRate', 'uploadRate'] as const).map((figure): Comparison => {
      const { ours, baseline } = ourCost(samples, figure);
      const measure = figure === 'downloadRate' ? 'download' : 'upload';
      return {
        measure,
        unit: 'MB/s',
        ours: ours / 1e6,
        baseline: baseline / 1e6,
        target: { of: 'ratio', atLeast: 0.5 },
      };
    }),
  ];
}

function wakeComparison(samples: readonly WakeSample[], bootMs: number): Comparison {
  const own = samples.filter((sample) => sample.bootMs === bootMs);
  const median = (of: (sample: WakeSample) => number): number => percentile(own.map(of), 0.5);
  return {
    measure: `wake to answer, boot of ${bootMs} ms`,
    unit: 'ms',
    ours: median(({ oursMs }) => oursMs),
    baseline: median(({ directMs }) => directMs),
    target: { of: 'ratio', atMost: 1.1 },
  };
}

function memoryComparisons(
  { idleMb, parkedMb, goneMb, lost }: MemoryFigures,
  sizes: MemorySizes,
): readonly Comparison[] {
  const [first = 0] = goneMb;
  return [
    {
      ...{ measure: `broker with ${sizes.parked} parked connections`, unit: 'MB', ours: parkedMb, baseline: idleMb },
      target: { of: 'excess', atMost: 20 },
    },
    {
      ...{ measure: `broker after ${sizes.many} connections, last round beside the first`, unit: 'MB' },
      ...{ ours: goneMb.at(-1) ?? first, baseline: first, target: { of: 'excess', atMost: 10 } },
    },
    { measure: 'parked connections lost', unit: '', ours: lost, target: { of: 'ours', atMost: 0 } },
  ];
}

function fireComparison({ what, failed, requests }: FireFigure): Comparison {
  return { measure: `lost: ${what}`, unit: `of ${requests}`, ours: failed.length, target: { of: 'ours', atMost: 0 } };
}

function inMb(value: number): string {
  return `${value.toFixed(0)} MB`;
}
