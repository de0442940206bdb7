import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMocha, type TestOutcome } from '../../support/runner/runMocha';
import { useTempDir } from '../../support/tempDir';

/** A suite whose hooks and tests fail at the calls that their counters name; what it was asked is in `calls`. */
const suite = (failing: { readonly hook: number; readonly test: number }): string => `
  let hooks = 0;
  let tests = 0;
  describe('a suite', () => {
    afterEach(() => { hooks += 1; if (hooks <= ${failing.hook}) throw new Error('hook ' + hooks); });
    it('goes first', () => {});
    it('goes second', () => { tests += 1; if (tests <= ${failing.test}) throw new Error('test ' + tests); });
  });
  describe('another suite', () => { it('is left alone', () => {}); });
`;

const titled = (outcomes: readonly TestOutcome[]): readonly string[] =>
  outcomes.map(({ title, passed, error }) => `${passed ? '+' : '-'} ${title}${error === undefined ? '' : ' (first)'}`);

describe('second try', () => {
  const folder = useTempDir();
  async function outcomesOf(source: string, secondTry: boolean): Promise<readonly TestOutcome[]> {
    // A name of its own for each: what was loaded once under a name is not read again.
    const file = join(folder(), `${randomUUID()}.test.js`);
    writeFileSync(file, source);
    return await runMocha([file], { grep: undefined, timeoutMs: 1_000, secondTry, quiet: true });
  }

  it('runs_the_suite_of_a_failed_hook_again_and_tells_why', async () => {
    const outcomes = await outcomesOf(suite({ hook: 1, test: 0 }), true);
    assert.deepEqual(titled(outcomes), [
      '+ another suite is left alone',
      '+ a suite goes first (first)',
      '+ a suite goes second',
    ]);
    assert.match(outcomes[1]?.error ?? '', /"after each" hook .*\n.*hook 1/);
  });

  it('lets_what_fails_twice_fail', async () => {
    const hook = await outcomesOf(suite({ hook: 2, test: 0 }), true);
    assert.equal(hook.filter(({ passed }) => !passed).length, 1);
    const test = await outcomesOf(suite({ hook: 0, test: 2 }), true);
    assert.deepEqual(
      test.filter(({ passed }) => !passed).map(({ title }) => title),
      ['a suite goes second'],
    );
  });

  it('does_not_forgive_a_test_that_failed_twice_for_the_failed_hook_of_its_suite', async () => {
    // Passes at its third try, which is none of its two.
    const source = suite({ hook: 0, test: 2 }).replace(
      /afterEach.*/,
      "after(() => { if (hooks++ === 0) throw new Error('hook'); });",
    );
    const outcomes = await outcomesOf(source, true);
    assert.deepEqual(
      outcomes.filter(({ passed }) => !passed).map(({ title }) => title),
      ['a suite goes second'],
    );
    assert.equal(outcomes.length, 3);
  });

  it('is_not_made_where_none_is_given', async () => {
    const outcomes = await outcomesOf(suite({ hook: 1, test: 0 }), false);
    assert.equal(outcomes.filter(({ passed }) => !passed).length, 1);
    assert.equal(outcomes.length, 3);
  });
});
