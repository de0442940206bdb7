/** `npm test`: runs the rings one after the other, checks after each that nothing was left behind, adds up. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot as root } from './support/repositoryRoot';
import { removeDeadGroups } from './support/deadGroups';
import { followParent } from './support/runner/followParent';
import { emptyGroups, endLeaks, findLeaks, runMarkerVariable } from './support/runner/leaks';
import { parseRunOptions, usage, type RunOptions } from './support/runner/options';
import { addCounts, noCounts, oneFailure, type Ring, type RingContext, type RingCounts } from './support/runner/ring';
import { rings } from './support/runner/rings';

const interruptedExitCode = 130;
/** In a whole run. */
const unsteadyAllowed = 4;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  followParent();
  const options = parseRunOptions(process.argv.slice(2));
  if (options.kind === 'help') {
    print(usage);
    return 0;
  }
  removeDeadGroups();
  const chosen = rings.filter((ring) => options.rings.includes(ring.name));
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort());
  let total = noCounts;
  for (const ring of chosen)
    if (!interruption.signal.aborted) total = addCounts(total, await runGuarded(ring, options));
  if (interruption.signal.aborted) return interruptedExitCode;
  if (options.kind === 'provision') return total.failed === 0 ? 0 : 1;
  if (total.passed + total.failed === 0) {
    total = oneFailure('No test was run.');
  }
  total = addCounts(total, judgeUnsteady(total.unsteady ?? []));
  printList('what passed at its second try only', '!', total.unsteady ?? []);
  printList('what failed', '✘', total.failures ?? []);
  print(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

/** A test that met a bad moment of the machine is told; several of them are a defect of the product or of the tests. */
function judgeUnsteady(unsteady: readonly string[]): RingCounts {
  if (unsteady.length <= unsteadyAllowed) return noCounts;
  return oneFailure(`${unsteady.length} tests passed at their second try only; ${unsteadyAllowed} may.`);
}

function printList(heading: string, mark: string, entries: readonly string[]): void {
  if (entries.length === 0) return;
  print(`\n── ${heading}`);
  for (const entry of entries) print(`  ${mark} ${entry.trimEnd().replaceAll('\n', '\n      ')}`);
}

/** One ring between its preparation and its leak check; whatever goes wrong counts as a failure. */
async function runGuarded(ring: Ring, options: RunOptions): Promise<RingCounts> {
  const startedAt = performance.now();
  print(`\n── ${ring.name}`);
  const marker = `${ring.name}-${randomBytes(8).toString('hex')}`;
  const tempDir = mkdtempSync(join(tmpdir(), 'lbt-'));
  // A database server that refuses root runs as a user of its own, and must get through to its data.
  chmodSync(tempDir, 0o711);
  const env = { ...process.env, [runMarkerVariable]: marker, TMPDIR: tempDir };
  const context: RingContext = { root, grep: options.grep, env, print };
  const groups = emptyGroups();
  let counts = noCounts;
  try {
    await ring.prepare(context);
    if (options.kind === 'run') counts = await runAtLeastOne(ring, context);
  } catch (error) {
    const failure = `${ring.name}: ${error instanceof Error ? error.message : String(error)}`;
    print(`  ✘ ${failure}`);
    counts = addCounts(counts, oneFailure(failure));
  }
  counts = addCounts(counts, await checkLeaks({ marker, tempDir, groups }, options.kind === 'run' ? counts : noCounts));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (options.kind === 'run') print(`${ring.name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
  return counts;
}

async function runAtLeastOne(ring: Ring, context: RingContext): Promise<RingCounts> {
  const counts = await ring.run(context);
  if (counts.passed + counts.failed > 0) return counts;
  // A filter may leave a ring empty; that all of them are empty is noticed at the end.
  if (context.grep === undefined) throw new Error('The ring ran no test.');
  return noCounts;
}

/** What is known of a ring before it runs: its mark, its folder, control groups that are there already. */
interface Marked {
  readonly marker: string;
  readonly tempDir: string;
  readonly groups: readonly string[];
}

/** Counts as one test of every ring that ran. */
async function checkLeaks({ marker, tempDir, groups }: Marked, ran: RingCounts): Promise<RingCounts> {
  const leaks = await findLeaks(marker, tempDir, groups);
  endLeaks(leaks, tempDir);
  const left = [
    ...leaks.processes.map(({ pid, command }) => `left behind: process ${pid} ${command}`),
    ...leaks.groups.map((group) => `left behind: ${group}`),
    ...leaks.files.map((file) => `left behind: ${join(tempDir, file)}`),
  ];
  for (const line of left) print(`  ✘ ${line}`);
  if (left.length > 0) return oneFailure(left.join('\n'));
  if (ran.passed + ran.failed === 0) return noCounts;
  print('  ✔ nothing is left behind');
  return { passed: 1, failed: 0 };
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
