/** What a measure answers, and how all of it is written down. */

export interface Comparison {
  readonly measure: string;
  readonly unit: string;
  readonly ours: number;
  /** The same figure of a peer, or of something that does nothing, taken in the same run. */
  readonly baseline?: number;
  readonly target?: Target;
}

/** `excess` is what we add to the base line, `ratio` what we are to it. */
type Target = { readonly of: 'ours' | 'excess' | 'ratio' } & (
  { readonly atMost: number } | { readonly atLeast: number }
);

export interface Measured {
  readonly comparisons: readonly Comparison[];
  /** Below the table: what the figures do not say by themselves. */
  readonly notes: readonly string[];
  /** What must never be, whatever the targets are: the run ends with 1. */
  readonly faults?: readonly string[];
}

/** Undefined where there is nothing to hold it against. */
export function meetsTarget(comparison: Comparison): boolean | undefined {
  const { target, ours, baseline = 0 } = comparison;
  if (target === undefined) return undefined;
  const judged = { ours, excess: ours - baseline, ratio: ours / baseline }[target.of];
  return 'atMost' in target ? judged <= target.atMost : judged >= target.atLeast;
}

/** A count of what must never happen: lost, killed by mistake, ready too early. */
export function mustBeNone({ target }: Comparison): boolean {
  return target?.of === 'ours' && 'atMost' in target && target.atMost === 0;
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
  const bound = 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
  return target.of === 'ours' ? bound : `${target.of} ${bound}`;
}

function verdict(comparison: Comparison): string {
  const met = meetsTarget(comparison);
  return met === undefined ? '' : met ? 'met' : '**missed**';
}
