import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

export interface TestOutcome {
  readonly title: string;
  readonly passed: boolean;
  readonly durationMs: number;
  /** Why it failed; of a test that passed: why it did not at its first try. */
  readonly error?: string;
}

export interface MochaOptions {
  readonly grep: string | undefined;
  readonly timeoutMs: number;
  /** A test that fails is tried once more, and told as unsteady when it passes then. */
  readonly secondTry?: boolean;
  /** Mocha's own `spec` on a console, `min`-like silence where nobody reads the console. */
  readonly quiet?: boolean;
}

/** Compiled spec files below a folder, in a stable order. */
export function specFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Runs spec files in this process. Skipped and exclusive tests fail: a ring has no soft spot. */
export async function runMocha(files: readonly string[], options: MochaOptions): Promise<readonly TestOutcome[]> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: options.timeoutMs,
    forbidOnly: true,
    forbidPending: true,
    retries: options.secondTry === true ? 1 : 0,
    reporter: options.quiet === true ? SilentReporter : 'spec',
    ...(options.grep === undefined ? {} : { grep: new RegExp(options.grep) }),
  });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  mocha.cleanReferencesAfterRun(false);
  const first = await runOnce(mocha);
  if (options.secondTry !== true || first.brokenSuites.size === 0) return first.outcomes;
  // Mocha tries a test again, but not a hook; what comes after one that failed is not run at all.
  mocha.grep(new RegExp(`^(?:${[...first.brokenSuites.keys()].map(literally).join('|')})(?: |$)`));
  return joinTries(first, await runOnce(mocha));
}

interface Run {
  readonly outcomes: readonly TestOutcome[];
  /** Suites that a failing hook cut short, by their full title, with why. */
  readonly brokenSuites: ReadonlyMap<string, TestOutcome>;
}

async function runOnce(mocha: Mocha): Promise<Run> {
  const outcomes: TestOutcome[] = [];
  const brokenSuites = new Map<string, TestOutcome>();
  const firstErrors = new Map<string, string>();
  return await new Promise((resolve) => {
    const runner = mocha.run(() => resolve({ outcomes, brokenSuites }));
    // A failing hook is reported through the same event and counts like a failing test.
    runner.on('fail', (test: Mocha.Runnable, error: unknown) => {
      const outcome = failedOutcome(test, error);
      outcomes.push(outcome);
      const suite = test instanceof Mocha.Hook ? test.parent?.fullTitle() : undefined;
      if (suite !== undefined && suite !== '') brokenSuites.set(suite, outcome);
    });
    runner.on('retry', (test: Mocha.Runnable, error: unknown) => firstErrors.set(test.fullTitle(), textOf(error)));
    runner.on('pass', (test) => {
      const title = test.fullTitle();
      const error = firstErrors.get(title);
      const failedFirst = error === undefined ? {} : { error };
      outcomes.push({ title, passed: true, durationMs: test.duration ?? 0, ...failedFirst });
    });
  });
}

/**
 * What the second run says of a suite stands in place of what the first one said, and tells why there was a second one. A test
 * that had failed by then has had its two tries.
 */
function joinTries(first: Run, second: Run): readonly TestOutcome[] {
  const hooks = new Set(first.brokenSuites.values());
  const tests = first.outcomes.filter((outcome) => !hooks.has(outcome));
  const failed = new Set(tests.filter(({ passed }) => !passed).map(({ title }) => title));
  const again = second.outcomes.filter(({ title }) => !failed.has(title));
  const againTitles = new Set(again.map(({ title }) => title));
  const untold = new Map(first.brokenSuites);
  const told = again.map((outcome) => {
    const [suite, hook] = [...untold].find(([title]) => outcome.title.startsWith(`${title} `)) ?? [];
    if (suite === undefined || hook === undefined || !outcome.passed) return outcome;
    untold.delete(suite);
    return { ...outcome, error: `${hook.title}\n${hook.error ?? ''}` };
  });
  return [...tests.filter(({ title }) => !againTitles.has(title)), ...told];
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

class SilentReporter extends Mocha.reporters.Base {}

function failedOutcome(test: Mocha.Runnable, error: unknown): TestOutcome {
  return { title: test.fullTitle(), passed: false, durationMs: test.duration ?? 0, error: textOf(error) };
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const lines = text.split('\n').filter((line) => !/^ +at .*node_modules\/mocha\//.test(line));
  return lines.join('\n');
}
