/** Runs measures one after the other on this machine, and tells what came out. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeDeadGroups } from '../../test/support/deadGroups';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import { markdownTable, meetsTarget, mustBeNone, type Measured } from './comparison';

export interface BenchContext {
  /** An empty folder, removed afterwards. */
  readonly scratch: string;
  /** Where the figures of this run are kept: raw samples and pictures go here too. */
  readonly results: string;
  /** Windows opened for each activation figure. */
  readonly samples: number;
  /** Length of each look at processor time. */
  readonly watchMs: number;
  /** Where a measure has many cases: only those whose name holds this text. */
  readonly only: string;
  /** Length of the soak, and what decides its course. */
  readonly minutes: number;
  readonly seed: number;
  readonly print: (line: string) => void;
}

export type Measure = (context: BenchContext) => Promise<Measured>;

const usage = (names: readonly string[]): string => `Usage: npm run bench -- [measure …] [options]

Measures: ${names.join(', ')}. Default: all of them, one after the other.

  --samples N   windows opened for each activation figure (default 12)
  --seconds N   length of each look at processor time (default 60)
  --minutes N   length of the soak (default 20); it is run only when it is named
  --seed N      repeats the course of a soak (default: another one each time)
  --only TEXT   only the cases with this text in their name (shapes)
  --strict      exit with 1 when a target is missed; a count that must be 0 and is not does so without it
  --help        this text`;

/** Measures what the command line names, prints a table, keeps the figures below `bench/results`. */
export function runBench(measures: Readonly<Record<string, Measure>>): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      samples: { type: 'string', default: '12' },
      seconds: { type: 'string', default: '60' },
      minutes: { type: 'string', default: '20' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string', default: '' },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const names = Object.keys(measures);
  // `gateway` means all that begin with `gateway.`.
  const isMeant = (name: string, asked: string): boolean => name === asked || name.startsWith(`${asked}.`);
  const unknown = positionals.filter((asked) => !names.some((name) => isMeant(name, asked)));
  if (values.help || unknown.length > 0) {
    if (unknown.length > 0) console.error(`There is no measure ${unknown.join(', ')}.`);
    console.log(usage(names));
    process.exitCode = unknown.length > 0 ? 1 : 0;
    return;
  }
  const chosen = Object.entries(measures).filter(([name]) =>
    positionals.length === 0 ? name !== 'soak' : positionals.some((asked) => isMeant(name, asked)),
  );
  const options = {
    samples: Number(values.samples),
    watchMs: Number(values.seconds) * 1_000,
    only: values.only,
    ...{ minutes: Number(values.minutes), seed: Number(values.seed) },
  };
  measureAll(chosen, options).then(
    (missed) => process.exit(missed === 'must' || (values.strict && missed === 'target') ? 1 : 0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

async function measureAll(
  chosen: readonly (readonly [string, Measure])[],
  options: Pick<BenchContext, 'samples' | 'watchMs' | 'only' | 'minutes' | 'seed'>,
): Promise<'must' | 'target' | 'none'> {
  const results = join(repositoryRoot, 'bench', 'results');
  mkdirSync(results, { recursive: true });
  removeDeadGroups();
  const all: Measured[] = [];
  for (const [name, measure] of chosen) {
    console.log(`${name} …`);
    all.push(await inScratch((scratch) => measure({ ...options, scratch, results, print: console.log })));
  }
  const comparisons = all.flatMap((measured) => measured.comparisons);
  const notes = [machineText(), ...all.flatMap((measured) => measured.notes)];
  console.log(`\n${markdownTable(comparisons)}\n\n${notes.map((note) => `- ${note}`).join('\n')}`);
  console.log(`\n${keep(results, { comparisons, notes })}`);
  const faults = all.flatMap((measured) => measured.faults ?? []);
  for (const fault of faults) console.log(`✘ ${fault}`);
  const missed = comparisons.filter((comparison) => meetsTarget(comparison) === false);
  return faults.length > 0 || missed.some(mustBeNone) ? 'must' : missed.length > 0 ? 'target' : 'none';
}

async function inScratch<T>(use: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'lbb-')));
  try {
    return await use(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function machineText(): string {
  const load = loadavg()[0] ?? 0;
  const cores = cpus().length;
  return `${cores} cores, ${process.platform} ${release().split('.').slice(0, 2).join('.')}, Node ${process.version}, load ${load.toFixed(1)}`;
}

function keep(results: string, measured: Measured): string {
  const file = join(results, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
  writeFileSync(file, `${JSON.stringify(measured, undefined, 2)}\n`);
  return file;
}
