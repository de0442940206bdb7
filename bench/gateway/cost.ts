/** What passing through a gateway costs: each round asks every front, beginning with another one, beside no front at all. */
import { percentile } from '../support/statistics';
import { directName, ourName, type Front } from './fronts';
import { downloadRate, freshLatencies, keepAliveLatencies, requestRate, uploadRate } from './load';

export interface CostSizes {
  readonly rounds: number;
  readonly keptRequests: number;
  readonly freshRequests: number;
  readonly manyRequests: number;
  readonly bodyBytes: number;
  /** Bodies take long: only so many rounds have them. */
  readonly bodyRounds: number;
}

export interface CostSample {
  readonly front: string;
  readonly round: number;
  readonly keptP50Ms: number;
  readonly keptP95Ms: number;
  /** At one connection. */
  readonly keptRate: number;
  readonly freshP50Ms: number;
  readonly freshP95Ms: number;
  /** At fifty connections. */
  readonly manyRate: number;
  readonly downloadRate?: number;
  readonly uploadRate?: number;
}

type Figure = Exclude<keyof CostSample, 'front' | 'round'>;

const connectionsAtOnce = 50;

export async function measureCost(
  fronts: readonly Front[],
  sizes: CostSizes,
  print: (line: string) => void,
): Promise<readonly CostSample[]> {
  for (const { port } of fronts) await keepAliveLatencies(port, sizes.keptRequests);
  const samples: CostSample[] = [];
  for (let round = 0; round < sizes.rounds; round++) {
    const from = round % fronts.length;
    for (const front of [...fronts.slice(from), ...fronts.slice(0, from)]) {
      samples.push(await sampleOf(front, round, sizes));
    }
    print(`  cost, round ${round + 1} of ${sizes.rounds}`);
  }
  return samples;
}

async function sampleOf({ name, port }: Front, round: number, sizes: CostSizes): Promise<CostSample> {
  const beganMs = performance.now();
  const kept = await keepAliveLatencies(port, sizes.keptRequests);
  const keptRate = kept.length / ((performance.now() - beganMs) / 1_000);
  const fresh = await freshLatencies(port, sizes.freshRequests);
  return {
    ...{ front: name, round, keptRate },
    ...{ keptP50Ms: percentile(kept, 0.5), keptP95Ms: percentile(kept, 0.95) },
    ...{ freshP50Ms: percentile(fresh, 0.5), freshP95Ms: percentile(fresh, 0.95) },
    manyRate: await requestRate(port, connectionsAtOnce, sizes.manyRequests),
    ...(round < sizes.bodyRounds
      ? {
          downloadRate: await downloadRate(port, sizes.bodyBytes),
          uploadRate: await uploadRate(port, sizes.bodyBytes),
        }
      : {}),
  };
}

/** The median of a front over the rounds that have the figure. */
export function medianOf(samples: readonly CostSample[], front: string, figure: Figure): number {
  const own = samples.flatMap((sample) => (sample.front === front ? (sample[figure] ?? []) : []));
  return percentile(own, 0.5);
}

const rows: readonly { readonly words: string; readonly figure: Figure; readonly kind: 'ms' | 'rate' }[] = [
  { words: 'keep-alive, p50', figure: 'keptP50Ms', kind: 'ms' },
  { words: 'keep-alive, p95', figure: 'keptP95Ms', kind: 'ms' },
  { words: 'new connection, p50', figure: 'freshP50Ms', kind: 'ms' },
  { words: 'new connection, p95', figure: 'freshP95Ms', kind: 'ms' },
  { words: 'requests/s, 1 connection', figure: 'keptRate', kind: 'rate' },
  { words: `requests/s, ${connectionsAtOnce} connections`, figure: 'manyRate', kind: 'rate' },
  { words: 'download', figure: 'downloadRate', kind: 'rate' },
  { words: 'upload', figure: 'uploadRate', kind: 'rate' },
];

/** Added ms, and shares of what goes directly. */
export function costTable(samples: readonly CostSample[], fronts: readonly Front[]): string {
  const names = fronts.map(({ name }) => name).filter((name) => name !== directName);
  const lines = rows.map(({ words, figure, kind }) => {
    const direct = medianOf(samples, directName, figure);
    const cells = names.map((name) => {
      const value = medianOf(samples, name, figure);
      return kind === 'ms'
        ? `${value < direct ? '−' : '+'}${Math.abs(value - direct).toFixed(3)} ms`
        : (value / direct).toFixed(2);
    });
    const own =
      kind === 'ms'
        ? `${direct.toFixed(3)} ms`
        : direct > 1e6
          ? `${(direct / 1e6).toFixed(0)} MB/s`
          : direct.toFixed(0);
    return [words, own, ...cells];
  });
  const heading = ['', directName, ...names];
  const rule = ['---', ...names.map(() => '---:'), '---:'];
  return [heading, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function ourCost(samples: readonly CostSample[], figure: Figure): { ours: number; baseline: number } {
  return { ours: medianOf(samples, ourName, figure), baseline: medianOf(samples, directName, figure) };
}
