/** What a measure answers, and how all of it is written down. */

export interface Comparison {
  readonly measure: string;
  readonly unit: 'ms' | '% of a core' | 'MB' | 'KB' | 's';
  readonly ours: number;
  /** The same figure of something that does nothing, taken at the same time. */
  readonly baseline?: number;
  /** At most this; `excess` is what we add to the base line. */
  readonly target?: { readonly of: 'ours' | 'excess'; readonly atMost: number };
}

export interface Measured {
  readonly comparisons: readonly Comparison[];
  /** Below the table: what the figures do not say by themselves. */
  readonly notes: readonly string[];
}

/** Undefined where there is nothing to hold it against. */
export function meetsTarget(comparison: Comparison): boolean | undefined {
  const { target, ours } = comparison;
  if (target === undefined) return undefined;
  return (target.of === 'ours' ? ours : ours - (comparison.baseline ?? 0)) <= target.atMost;
}

export function markdownTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((comparison) => [
    comparison.measure,
    number(comparison.ours),
    comparison.baseline === undefined ? '' : number(comparison.baseline),
    comparison.baseline === undefined ? '' : number(comparison.ours - comparison.baseline),
    comparison.unit,
    targetText(comparison),
    verdict(comparison),
  ]);
  const heading = ['Measure', 'Local Backends', 'Base line', 'Excess', 'Unit', 'Target', ''];
  const rule = ['---', '---:', '---:', '---:', '---', '---', '---'];
  return [heading, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

function targetText({ target }: Comparison): string {
  if (target === undefined) return '';
  return target.of === 'excess' ? `excess ≤ ${target.atMost}` : `≤ ${target.atMost}`;
}

function verdict(comparison: Comparison): string {
  const met = meetsTarget(comparison);
  return met === undefined ? '' : met ? 'met' : '**missed**';
}
