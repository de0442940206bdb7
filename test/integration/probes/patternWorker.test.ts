import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createSystemClock } from '../../../src/platform/systemClock';
import { createProbe } from '../../../src/probes/createProbe';
import { PatternWorker } from '../../../src/probes/patternWorker';
import type { Probe } from '../../../src/probes/probe';
import { probeContext } from '../../unit/probes/fakes';
import { until } from '../net/until';

describe('log probe with a regular expression', () => {
  let patterns: PatternWorker;
  beforeEach(() => (patterns = new PatternWorker(createSystemClock())));
  afterEach(() => patterns.dispose());
  const create = (pattern: string, regexFlags = '', onEvidence = (): void => {}): Probe =>
    createProbe({ kind: 'log', pattern, regexFlags }, probeContext({ patterns, onEvidence }));
  const saw = async (probe: Probe): Promise<string> => (await probe.probe(1_000)).saw;

  it('finds_a_pattern_in_torn_output_and_tells_at_once', async () => {
    const found = new Promise<void>((resolve) => {
      const probe = create('listening on .*:(\\d+)', 'i', resolve);
      for (const chunk of ['starting\nLis', 'tening \x1b[1mon http://local', 'host:3000']) probe.feed(chunk);
    });
    await found;
  });

  it('stays_unready_without_a_match', async () => {
    const probe = create('^ready$');
    probe.feed('not ready\nready soon\n');
    // A pattern that does match goes through the same queue behind it.
    const other = create('x');
    other.feed('x');
    await until(
      () => saw(other),
      (text) => text === 'found /x/',
    );
    assert.equal(await saw(probe), 'waiting for /^ready$/');
  });

  it('is_not_confused_by_a_pattern_that_remembers_its_position', async () => {
    const probe = create('b', 'g');
    probe.feed('ab\n');
    await until(
      () => saw(probe),
      (text) => text === 'found /b/g',
    );
  });

  it('gives_up_a_pattern_without_end_and_keeps_the_loop_free', async function () {
    this.timeout(20_000);
    await assertLoopStaysFree(async () => {
      const probe = create('(a+)+$');
      const innocent = create('up');
      probe.feed(`${'a'.repeat(40)}!\n`);
      innocent.feed('it is up\n');
      await until(
        () => saw(probe),
        (text) => text === 'the pattern takes too long: /(a+)+$/',
      );
      await until(
        () => saw(innocent),
        (text) => text === 'found /up/',
      );
      assert.equal((await probe.probe(1_000)).ok, false);
    });
  });

  it('keeps_the_loop_free_on_50_000_blanks', async function () {
    this.timeout(20_000);
    await assertLoopStaysFree(async () => {
      const probe = create('\\s+$');
      probe.feed(`${' '.repeat(50_000)}x${' '.repeat(50_000)}`);
      probe.feed('\nend \n');
      await until(
        () => saw(probe),
        (text) => text !== 'waiting for /\\s+$/',
      );
    });
  });

  it('says_that_a_pattern_is_not_one', async () => {
    const probe = create('(');
    probe.feed('x\n');
    await until(
      () => saw(probe),
      (text) => text.startsWith('Invalid regular expression'),
    );
  });
});

/** A busy machine can stall any loop once; a loop that our own code blocks is blocked every time. */
async function assertLoopStaysFree(run: () => Promise<void>): Promise<void> {
  const longestMs: number[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await run();
    delay.disable();
    longestMs.push(delay.max / 1e6);
    if (delay.max < 100e6) return;
  }
  assert.fail(`the loop was blocked every time, in ms: ${longestMs.join(', ')}`);
}
