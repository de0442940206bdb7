import assert from 'node:assert/strict';
import { formatBytes } from '../../../src/model/byteSize';
import { FilteredLines } from '../../../src/model/filteredLines';
import { LineFilter } from '../../../src/model/lineFilter';
import { endWords, isRunMark, runMark } from '../../../src/model/runMark';

describe('LineFilter', () => {
  const matches = (filter: string, line: string): boolean => new LineFilter(filter).matches(line);

  it('finds_text_in_upper_or_lower_case', () => {
    assert.equal(matches('error', 'An ERROR here'), true);
    assert.equal(matches('error', 'all is well'), false);
  });

  it('takes_several_and_leaves_out_what_has_an_exclamation_mark', () => {
    assert.equal(matches('warn, error', 'a warning'), true);
    assert.equal(matches('error, !heartbeat', 'error in heartbeat'), false);
    assert.equal(matches('!heartbeat', 'anything else'), true);
    assert.equal(matches('a\\,b', 'xa,bx'), true);
  });

  it('is_empty_without_a_word', () => {
    for (const text of ['', ' ', ',', '!', ' , ! ']) assert.equal(new LineFilter(text).isEmpty, true, text);
    assert.equal(new LineFilter('!x').isEmpty, false);
  });
});

describe('FilteredLines', () => {
  it('shows_matching_lines_whole_however_they_come', () => {
    const lines = new FilteredLines(new LineFilter('yes'));
    assert.deepEqual(lines.push('no\nye'), []);
    assert.deepEqual(lines.push('s 1\r\nno\nyes 2\nyes'), ['yes 1', 'yes 2']);
    assert.deepEqual(lines.push(' 3\n'), ['yes 3']);
  });

  it('looks_below_the_colours_and_ends_them_with_the_line', () => {
    const lines = new FilteredLines(new LineFilter('error'));
    assert.deepEqual(lines.push('\u001b[31mer\u001b[1mror\n'), ['\u001b[31mer\u001b[1mror\u001b[0m']);
  });

  it('shows_the_mark_of_a_run_only_before_a_line_of_it', () => {
    const lines = new FilteredLines(new LineFilter('error'));
    const mark = (text: string): string => runMark('10:00', text);
    assert.deepEqual(lines.push(`${mark('one')}fine\n${mark('two')}error\nerror\n`), [
      mark('two').trimEnd(),
      'error',
      'error',
    ]);
  });

  it('shows_how_a_run_ended_of_which_it_shows_lines', () => {
    const lines = new FilteredLines(new LineFilter('error'));
    const marks = ['one', 'one ended', 'two', 'two ended', 'three'].map((text) => runMark('10:00', text));
    const [one, oneEnded, two, twoEnded, three] = marks as [string, string, string, string, string];
    const shown = lines.push(`${one}error\n${oneEnded}${two}fine\n${twoEnded}${three}error\n`);
    assert.deepEqual(shown, [one.trimEnd(), 'error', oneEnded.trimEnd(), three.trimEnd(), 'error']);
  });

  it('looks_at_a_line_without_end_in_pieces', () => {
    const lines = new FilteredLines(new LineFilter('needle'));
    const shown = lines.push(`${'x'.repeat(100_000)} needle ${'y'.repeat(100_000)}`);
    assert.equal(shown.length, 1);
    assert.equal((shown[0]?.length ?? 0) <= 16_384, true);
  });
});

describe('run marks', () => {
  it('are_recognized_and_stand_in_one_line', () => {
    const mark = runMark('11/25/2026', 'api stopped:\nby you');
    assert.equal(mark.split('\n').length, 2);
    assert.equal(isRunMark(mark.replaceAll(/\u001b\[\d+m/g, '')), true);
    assert.equal(isRunMark('── output'), false);
  });

  it('tell_how_a_run_ended', () => {
    assert.equal(endWords({ exitCode: 1, ranMs: 200_000, forced: false }), 'exit code 1, ran 3 min 20 s');
    assert.equal(endWords({ signal: 'SIGTERM', ranMs: 2_000, forced: false }), 'ended by SIGTERM, ran 2 s');
    assert.equal(endWords({ signal: 'SIGKILL', ranMs: 2_000, forced: true }), 'ended by SIGKILL, ran 2 s');
    assert.equal(
      endWords({ exitCode: 0, ranMs: 2_000, forced: true }),
      'exit code 0, what was left of it was killed, ran 2 s',
    );
  });
});

describe('formatBytes', () => {
  it('uses_the_unit_a_person_would', () => {
    const table: readonly (readonly [number, string])[] = [
      [1, '1 byte'],
      [999, '999 bytes'],
      [1_000, '1 KB'],
      [9_949, '9.9 KB'],
      [9_950, '10 KB'],
      [999_499, '999 KB'],
      [999_500, '1 MB'],
      [812_000_000, '812 MB'],
      [1_240_000_000, '1.2 GB'],
    ];
    for (const [bytes, text] of table) assert.equal(formatBytes(bytes), text);
  });
});
