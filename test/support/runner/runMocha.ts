import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

export interface TestOutcome {
  readonly title: string;
  readonly passed: boolean;
  readonly durationMs: number;
  readonly error?: string;
}

export interface MochaOptions {
  readonly grep: string | undefined;
  readonly timeoutMs: number;
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
    reporter: options.quiet === true ? SilentReporter : 'spec',
    ...(options.grep === undefined ? {} : { grep: new RegExp(options.grep) }),
  });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const outcomes: TestOutcome[] = [];
  return await new Promise((resolve) => {
    const runner = mocha.run(() => resolve(outcomes));
    // A failing hook is reported through the same event and counts like a failing test.
    runner.on('fail', (test, error: unknown) => outcomes.push(failedOutcome(test, error)));
    runner.on('pass', (test) =>
      outcomes.push({ title: test.fullTitle(), passed: true, durationMs: test.duration ?? 0 }),
    );
  });
}

class SilentReporter extends Mocha.reporters.Base {}

function failedOutcome(test: Mocha.Runnable, error: unknown): TestOutcome {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { title: test.fullTitle(), passed: false, durationMs: test.duration ?? 0, error: text };
}
