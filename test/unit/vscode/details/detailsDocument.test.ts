import assert from 'node:assert/strict';
import type { BackendDetails } from '../../../../src/model/snapshot';
import { detailsDocument } from '../../../../src/vscode/details/detailsDocument';
import { idleOf, viewOf } from '../../model/viewOf';

const details: BackendDetails = {
  key: '/work#web',
  command: 'npm run dev -- --flag=`x`',
  environmentNames: ['PORT', 'API_KEY'],
  timeline: [
    { at: 0, state: 'starting', cause: 'started by a person' },
    { at: 0, state: 'ready', cause: 'http /health → 200' },
  ],
  probes: [
    { attempt: 0, elapsedMs: 100, reason: 'schedule', saw: 'connection refused', ok: false },
    { elapsedMs: 400, reason: 'output', saw: 'HTTP 200', ok: true },
  ],
  observed: 'connections to port 3000',
};

describe('detailsDocument', () => {
  it('tells_the_timeline_newest_first_and_every_probe', () => {
    const text = detailsDocument(viewOf('ready'), details, 0);
    assert.ok(text.indexOf('started by a person') > text.indexOf('http /health'));
    assert.match(text, /\| 1 \| 0.1 s \|.*connection refused/);
    assert.match(text, /\| extra \|.*✓/);
  });

  it('lets_nothing_from_outside_become_markup', () => {
    const hostile = '](command:evil) <img src=x> | **b** `code` $(bug) # h\n\n## Forged';
    const failure = { code: 'crashed' as const, message: hostile, logTail: ['````', '```', '## Forged'] };
    const text = detailsDocument(viewOf('failed', { name: hostile, lastVerdict: hostile, failure }), details, 0);
    assert.doesNotMatch(text, /[^\\]\]\(command:/);
    assert.doesNotMatch(text, /[^\\]<img/);
    const outside = text.replace(/^(`{3,})text\n[\s\S]*?\n\1$/m, '');
    assert.doesNotMatch(outside, /^## Forged/m);
    assert.match(text, /^`{5}text$/m);
  });

  it('tells_times_of_day_and_no_ages_which_would_stand_still', () => {
    const hold = { kind: 'connection' as const, reason: '2 open connections', since: 1_000 };
    const used = { ...details, lastUse: { at: 2_000, what: 'a request' } };
    const held = detailsDocument(viewOf('ready', { idle: idleOf(9_000, hold) }), used, 61_000);
    assert.match(held, /Held by: 2 open connections, since \d\d:\d\d:01/);
    assert.match(held, /Last use: a request, at \d\d:\d\d:02/);
    const counting = detailsDocument(viewOf('ready', { idle: idleOf(9_000) }), used, 61_000);
    assert.match(counting, /It goes to sleep at \d\d:\d\d:10 if/);
    for (const text of [held, counting]) assert.doesNotMatch(text, /\bago\b|sleep in /);
  });

  it('works_without_a_broker', () => {
    assert.match(detailsDocument(viewOf('stopped'), undefined, 0), /^# web\n\nstopped · since /);
  });
});
