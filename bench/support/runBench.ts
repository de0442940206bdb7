/** Runs measures one after the other on this machine, and tells what came out. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import { markdownTable, meetsTarget, type Measured } from './comparison';

export interface BenchContext {
  /** An empty folder, removed afterwards. */
  readonly scratch: string;
  /** Windows opened for each activation figure. */
  readonly samples: number;
  /** Length of each look at processor time. */
  readonly watchMs: number;
  readonly print: (line: string) => void;
}

export type Measure = (context: BenchContext) => Promise<Measured>;

const usage = `Usage: npm run bench -- [options]

  --samples N   windows opened for each activation figure (default 12)
  --seconds N   length of each look at processor time (default 60)
  --strict      exit with 1 when a target is missed
  --help        this text`;

/** Main of every program here: measures, prints a table, keeps the figures below \`bench/results\`. */
export function runBench(measures: Readonly<Record<string, Measure>>): void {
  const { values } = parseArgs({
    options: {
      samples: { type: 'string', default: '12' },
      seconds: { type: 'string', default: '60' },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const options = { samples: Number(values.samples), watchMs: Number(values.seconds) * 1_000 };
  measureAll(measures, options).then(
    (missed) => process.exit(values.strict && missed ? 1 : 0),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}

async function measureAll(
  measures: Readonly<Record<string, Measure>>,
  options: Pick<BenchContext, 'samples' | 'watchMs'>,
): Promise<boolean> {
  const all: Measured[] = [];
  for (const [name, measure] of Object.entries(measures)) {
    console.log(`${name} …`);
    all.push(await inScratch((scratch) => measure({ ...options, scratch, print: console.log })));
  }
  const comparisons = all.flatMap((measured) => measured.comparisons);
  const notes = [machineText(), ...all.flatMap((measured) => measured.notes)];
  console.log(`\n${markdownTable(comparisons)}\n\n${notes.map((note) => `- ${note}`).join('\n')}`);
  console.log(`\n${keep({ comparisons, notes })}`);
  return comparisons.some((comparison) => meetsTarget(comparison) === false);
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

function keep(measured: Measured): string {
  const folder = join(repositoryRoot, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
  writeFileSync(file, `${JSON.stringify(measured, undefined, 2)}\n`);
  return file;
}
