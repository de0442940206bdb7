import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createSystemClock } from '../../src/platform/systemClock';
import { definedEnvironment } from '../../src/platform/process/environment';
import { spawnBackend } from '../../src/platform/process/spawnBackend';
import { stopRun } from '../../src/platform/process/stopRun';
import type { Run, RunSpec, SpawnProblem, StopOptions, StopResult } from '../../src/platform/process/types';
import { assertNoNewChildren, childProcesses } from './leakCheck';
import { makeTempDir } from './tempDir';
import { waitUntil } from './waitUntil';

/** Backends of the surrounding suite, in a directory of each test's own; after each test nothing of them may be left. */
export function useBackendRuns(): BackendRuns {
  const runs = new BackendRuns();
  let before: readonly string[] = [];
  beforeEach(() => {
    before = childProcesses();
    runs.open();
  });
  afterEach(async () => {
    await runs.close();
    await assertNoNewChildren(before);
  });
  return runs;
}

/** Short ways to start, watch and stop backends, for tests of the real thing. */
export class BackendRuns {
  readonly clock = createSystemClock();
  private readonly runs: Run[] = [];
  private current: string | undefined;

  get dir(): string {
    if (this.current === undefined) throw new Error('the directory is only there during a test');
    return this.current;
  }

  get logFile(): string {
    return join(this.dir, 'backend.log');
  }

  spec(command: string | readonly string[], more: Partial<RunSpec> = {}): RunSpec {
    return { command, cwd: this.dir, env: definedEnvironment(process.env), logFile: this.logFile, ...more };
  }

  async start(command: string | readonly string[], more: Partial<RunSpec> = {}): Promise<Run> {
    const result = await spawnBackend(this.spec(command, more));
    if (result.kind === 'failed') throw new Error(result.problem.message);
    this.runs.push(result.run);
    return result.run;
  }

  async problem(command: string | readonly string[], more: Partial<RunSpec> = {}): Promise<SpawnProblem> {
    const result = await spawnBackend(this.spec(command, more));
    if (result.kind === 'failed') return result.problem;
    this.runs.push(result.run);
    throw new Error('it was started');
  }

  stop(run: Run, options: Partial<StopOptions> = {}): Promise<StopResult> {
    return stopRun(run, { signal: 'SIGTERM', graceMs: 5_000, ...options }, this.clock);
  }

  open(): void {
    this.current = makeTempDir();
  }

  /** Ends whatever the test left running, then removes the directory. */
  async close(): Promise<void> {
    for (const run of this.runs.splice(0)) await this.stop(run, { graceMs: 0 });
    rmSync(this.dir, { recursive: true, force: true });
    this.current = undefined;
  }

  log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'latin1') : '';
  }

  /** Waits for output that matches and returns the match. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return waitUntil(`output ${pattern.source}`, () => pattern.exec(this.log()) ?? undefined);
  }
}
