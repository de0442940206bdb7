/** What the outcomes say, in figures and as a table. */
import type { Measured } from '../support/comparison';
import { percentile } from '../support/statistics';
import type { Judged } from '../../test/integration/shapes/trial';

const ourName = 'Local Backends';
const strictName = 'ours, strict';

export function summaryOf(outcomes: readonly Judged[]): Omit<Measured, 'faults'> {
  const ways = [...new Set(outcomes.map(({ way }) => way))];
  const of = (way: string): readonly Judged[] => outcomes.filter((one) => one.way === way && !one.escapes);
  const best = (count: (all: readonly Judged[]) => number): number =>
    Math.min(...ways.filter((way) => way !== ourName && way !== strictName).map((way) => count(of(way))));
  const figures: readonly [string, (all: readonly Judged[]) => number][] = [
    ['shapes of which something was left behind', (all) => count(all, leaks)],
    ['shapes said to be stopped too early', (all) => count(all, (one) => one.atReport.length > 0)],
    ['shapes told more or less than once', (all) => count(all, notOnce)],
    ['shapes whose work was cut off', (all) => count(all, (one) => one.cutOff.length > 0)],
    ['bystanders hit', (all) => all.reduce((sum, one) => sum + one.hit.length, 0)],
  ];
  return {
    comparisons: figures.map(([measure, figure]) => ({
      ...{ measure, unit: `of ${of(ourName).length}`, ours: figure(of(ourName)), baseline: best(figure) },
      target: { of: 'ours', atMost: 0 },
    })),
    notes: [
      'The base line is the best of the others for each figure.',
      ...ways.map((way) => `${way}: ${figures.map(([what, figure]) => `${what} ${figure(of(way))}`).join(', ')}.`),
      ...ways.map((way) => escapesNote(way, outcomes)),
      `A stop of ours took ${percentile(
        of(ourName).map(({ tookMs }) => tookMs),
        0.5,
      ).toFixed(0)} ms in the median.`,
    ],
  };
}

/** What must not be: ours leaves something behind, hits a bystander, or could not be measured. */
export function faultsOf(outcomes: readonly Judged[]): string[] {
  const mine = outcomes.filter(({ way }) => way === ourName);
  return [
    ...mine.filter((one) => leaks(one) && !one.escapes).map((one) => `${one.shape}: left ${one.left.join(', ')}`),
    ...outcomes
      .filter((one) => one.way === strictName && leaks(one))
      .map((one) => `${one.shape}, strict: left ${one.left.join(', ')}`),
    ...mine.flatMap((one) => one.hit.map((who) => `${one.shape}: ${who}`)),
    ...mine.filter((one) => one.problem !== undefined).map((one) => `${one.shape}: ${one.problem ?? ''}`),
  ];
}

export function shapesTable(outcomes: readonly Judged[]): string {
  const ways = [...new Set(outcomes.map(({ way }) => way))];
  const rows = [...new Set(outcomes.map(({ shape }) => shape))].map((shape) => [
    shape,
    ...ways.map((way) => cell(outcomes.find((one) => one.shape === shape && one.way === way))),
  ]);
  const rule = ['---', ...ways.map(() => '---')];
  return [['Shape', ...ways], rule, ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function cell(outcome: Judged | undefined): string {
  if (outcome === undefined) return '';
  if (outcome.problem !== undefined) return `not measured: ${outcome.problem.slice(0, 80)}`;
  const wrong = [
    ...(leaks(outcome) ? [`**${outcome.left.length} left**`] : []),
    ...(!leaks(outcome) && outcome.atReport.length > 0 ? ['said too early'] : []),
    ...(notOnce(outcome) ? [`told ${outcome.terms.join(' and ')} times`] : []),
    ...(outcome.cutOff.length > 0 ? ['cut off'] : []),
    ...outcome.hit,
  ];
  return wrong.length === 0 ? `${outcome.tookMs.toFixed(0)} ms` : wrong.join(', ');
}

const leaks = (one: Judged): boolean => one.left.length > 0;
const notOnce = (one: Judged): boolean => one.terms.some((times) => times !== 1);
const count = (all: readonly Judged[], holds: (one: Judged) => boolean): number => all.filter(holds).length;

function escapesNote(way: string, outcomes: readonly Judged[]): string {
  const runaways = outcomes.filter((one) => one.way === way && one.escapes);
  return `${way}: of ${runaways.length} shapes that drop everything they could be known by, ${count(runaways, leaks)} left something behind.`;
}
