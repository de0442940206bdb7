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
    memory: { parked: 1_000, many: 10_000, rounds: 3 },
    fire: { stops: 40, requests: 3_000, keptRequests: 2_000, bursts: 5 },
  };
}

/** A request through the gateway, beside no gateway at all and proxies of others in front of the same backend. */
export async function measureGatewayCost(context: BenchContext): Promise<Measured> {
  const { samples, table, missing } = await costOf(context, sizesOf(context.samples).cost);
  keep(context, 'cost', samples);
  writeFileSync(join(context.results, 'gateway.md'), `${table}\n`);
  const left = missing.length === 0 ? [] : [`Not installed, and left out: ${missing.join(', ')}.`];
  return {
    comparisons: costComparisons(samples),
    notes: [...left, `What each front adds, and its share of what goes directly:\n\n${table}\n`],
  };
}

/** A request to a sleeping backend, beside a cold start. */
export async function measureGatewayWake(context: BenchContext): Promise<Measured> {
  const wakes = await measureWake(sizesOf(context.samples).wakeRounds, context.print);
  keep(context, 'wake', wakes);
  return { comparisons: boots.map((bootMs) => wakeComparison(wakes, bootMs)), notes: [] };
}

/** What the broker keeps for each connection of a sleeping backend. */
export async function measureGatewayMemory(context: BenchContext): Promise<Measured> {
  const { memory: sizes } = sizesOf(context.samples);
  const memory = await measureMemory(sizes, context.print);
  keep(context, 'memory', memory);
  const [there, after] = [memory.manyMb, memory.goneMb].map((each) => each.map((value) => value.toFixed(0)).join(', '));
  return {
    comparisons: memoryComparisons(memory, sizes),
    notes: [`${sizes.many} connections come and go: ${there} MB while they are there, ${after} MB after.`],
  };
}

/** Requests lost over forced sleeps and wakes. */
export async function measureGatewayFire(context: BenchContext): Promise<Measured> {
  const fire = await measureFire(sizesOf(context.samples).fire, context.print);
  keep(context, 'fire', fire);
  return {
    comparisons: fire.map(fireComparison),
    notes: fire.map(({ what, requests, stops }) => `${what}: ${requests} requests, ${stops} stops.`),
  };
}

function keep({ results }: BenchContext, name: string, figures: unknown): void {
  writeFileSync(join(results, `gateway-${name}.json`), JSON.stringify(figures, undefined, 1));
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
  { idleMb, parkedMb, manyMb, lost }: MemoryFigures,
  sizes: MemorySizes,
): readonly Comparison[] {
  const [first = 0] = manyMb;
  return [
    {
      ...{ measure: `broker with ${sizes.parked} parked connections`, unit: 'MB', ours: parkedMb, baseline: idleMb },
      target: { of: 'excess', atMost: 20 },
    },
    {
      ...{ measure: `broker with ${sizes.many} parked connections, last round beside the first`, unit: 'MB' },
      ...{ ours: manyMb.at(-1) ?? first, baseline: first, target: { of: 'excess', atMost: 10 } },
    },
    { measure: 'parked connections lost', unit: '', ours: lost, target: { of: 'ours', atMost: 0 } },
  ];
}

function fireComparison({ what, failed, requests }: FireFigure): Comparison {
  return { measure: `lost: ${what}`, unit: `of ${requests}`, ours: failed.length, target: { of: 'ours', atMost: 0 } };
}
