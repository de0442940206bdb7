import assert from 'node:assert/strict';
import type { StartFacts } from '../../../src/model/snapshot';
import { startSummary, type StartResult } from '../../../src/model/startSummary';
import { pastStartsText, waitsText } from '../../../src/model/startText';

const facts = (readyAfterMs: number, ...waits: StartFacts['waits'][number][]): StartFacts => ({
  waits,
  probesMade: 1,
  readyAfterMs,
});

describe('past starts in words', () => {
  const cases: readonly [string | undefined, readonly number[], readonly number[]][] = [
    [undefined, [], []],
    ['3.2 s', [3_200], []],
    ['3.2 s (2.9 s to 4.5 s in 3 starts)', [4_500, 2_900, 3_200], []],
    ['not known yet: the only start failed after 1 min', [], [60_000]],
    ['not known yet: all 2 starts failed, the last after 0.3 s', [], [9_000, 300]],
    ['3.2 s; 1 other start failed, after 0.3 s', [3_200], [300]],
    ['3.2 s; 2 other starts failed, the last after 0.3 s', [3_200], [9_000, 300]],
  ];
  for (const [text, readyMs, failedMs] of cases) {
    it(String(text), () => assert.equal(pastStartsText({ readyMs, failedMs }), text));
  }
});

describe('what a start waited for', () => {
  it('leaves out what took no time worth telling', () => {
    assert.equal(waitsText(facts(1, { dependency: 'db', waitedMs: 99 })), undefined);
    assert.equal(waitsText(undefined), undefined);
  });

  it('names dependencies and the turn', () => {
    const start = facts(1, { dependency: 'migrate', waitedMs: 3_100 }, { waitedMs: 2_000, behind: ['web', 'db'] });
    assert.equal(waitsText(start), '3.1 s for migrate, 2 s for its turn behind web, db');
  });

  it('names_no_more_of_those_in_front_than_a_row_has_room_for', () => {
    const behind = ['a', 'b', 'c', 'd', 'e'];
    assert.equal(waitsText(facts(1, { waitedMs: 2_000, behind })), '2 s for its turn behind a, b, c and 2 more');
  });
});

describe('the summary of a start of several', () => {
  const cases: readonly [string, readonly StartResult[], number][] = [
    ['1 backend ready in 0.4 s', [{ name: 'web', outcome: 'ready', start: facts(400) }], 400],
    [
      '2 backends ready in 8.4 s; web waited 3.1 s for migrate; longest: web 4.2 s',
      [
        { name: 'migrate', outcome: 'ready', start: facts(3_000) },
        { name: 'web', outcome: 'ready', start: facts(4_200, { dependency: 'migrate', waitedMs: 3_100 }) },
      ],
      8_400,
    ],
    [
      '1 of 4 backends ready in 2 s; failed: db, jobs; cancelled: api',
      [
        { name: 'web', outcome: 'ready', start: facts(400) },
        { name: 'db', outcome: 'failed' },
        { name: 'api', outcome: 'cancelled' },
        { name: 'jobs', outcome: 'failed' },
      ],
      2_000,
    ],
  ];
  for (const [text, results, elapsedMs] of cases) {
    it(text, () => assert.equal(startSummary(results, elapsedMs), text));
  }
});
