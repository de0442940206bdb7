import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineFilter } from '../../../src/model/lineFilter';
import { runMark } from '../../../src/model/runMark';
import { stripAnsi } from '../../../src/platform/files/stripAnsi';
import { createSystemClock } from '../../../src/platform/systemClock';
import { LogFeed } from '../../../src/vscode/logFeed';
import { useTempDir } from '../../support/tempDir';
import { waitUntil } from '../../support/waitUntil';

describe('LogFeed', () => {
  const dir = useTempDir();
  const feeds: LogFeed[] = [];
  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.dispose();
  });

  const path = (): string => join(dir(), 'log');

  const open = async (filter = ''): Promise<{ readonly text: string }> => {
    const seen = { text: '' };
    const feed = new LogFeed(path(), new LineFilter(filter), createSystemClock(), (text) => (seen.text += text));
    feeds.push(feed);
    await feed.begin();
    return seen;
  };
  const ends = (seen: { readonly text: string }, text: string): Promise<boolean> =>
    waitUntil(`to end with ${text}`, () => seen.text.endsWith(text));

  it('shows_the_history_over_a_rotation_and_then_what_comes', async () => {
    writeFileSync(`${path()}.1`, 'older\n');
    writeFileSync(path(), 'old\n');
    const seen = await open();
    await ends(seen, 'old\n');
    appendFileSync(path(), 'new\n');
    await ends(seen, 'new\n');
    assert.equal(seen.text, 'older\nold\nnew\n');
  });

  it('keeps_colours_and_leaves_out_what_acts_on_the_editor', async () => {
    writeFileSync(path(), '\u001b]52;c;ZXZpbA==\u0007\u001b[31mred\u001b[0m\u001b[2J\n');
    const seen = await open();
    await ends(seen, '\n');
    assert.equal(seen.text, '\u001b[31mred\u001b[0m\n');
  });

  it('filters_all_that_is_kept_and_what_comes', async () => {
    writeFileSync(`${path()}.1`, `${runMark('9:00', 'one')}error 1\nfine\n${runMark('9:30', 'two')}fine\n`);
    writeFileSync(path(), `error 2\n${'fine\n'.repeat(200_000)}error 3\n`);
    const seen = await open('error');
    appendFileSync(path(), 'fine\nerr');
    appendFileSync(path(), 'or 4\nfine\n');
    await ends(seen, 'error 4\n');
    assert.equal(stripAnsi(seen.text), '─── 9:00 one ───\nerror 1\n─── 9:30 two ───\nerror 2\nerror 3\nerror 4\n');
  });

  it('shows_the_last_thousand_matches_and_tells_of_the_others', async () => {
    writeFileSync(path(), Array.from({ length: 3_456 }, (_, index) => `line ${index + 1}\n`).join(''));
    const seen = await open('line');
    await ends(seen, 'line 3456\n');
    const [first = '', second] = stripAnsi(seen.text).split('\n');
    assert.match(first, /2456 earlier lines match too/);
    assert.equal(second, 'line 2457');
  });

  it('tells_how_much_of_a_flood_it_left_out', async () => {
    writeFileSync(path(), 'begin\n');
    const seen = await open();
    await ends(seen, 'begin\n');
    appendFileSync(path(), `${'x'.repeat(9_000_000)}\nend\n`);
    await ends(seen, 'end\n');
    assert.match(stripAnsi(seen.text), /\n… (8\.9|9) MB skipped: output came faster than it can be shown …\n/);
    assert.ok(seen.text.length < 200_000);
  });
});
