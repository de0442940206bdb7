import assert from 'node:assert/strict';
import { leashInvocation, leashLine, startToken } from '../../../../src/platform/process/leashOrders';
import { windowsLeashScript } from '../../../../src/platform/process/windowsLeashScript';

const marker = 'ab'.repeat(16);
const run = { marker, leader: { pid: 4711, startTime: '99' }, signal: 'SIGTERM', graceMs: 5_000 };

describe('orders to the leash', () => {
  it('are_one_line_each', () => {
    assert.equal(leashLine({ kind: 'run', run }), `run ${marker} 4711:99:TERM:50:0 -`);
    assert.equal(leashLine({ kind: 'end', marker }), `end ${marker}`);
    assert.equal(leashLine({ kind: 'hold', holdMs: 20_000 }), 'hold 200');
  });

  it('name_the_control_group_of_a_run', () => {
    const group = `/sys/fs/cgroup/local-backends-${marker}`;
    assert.equal(leashLine({ kind: 'run', run: { ...run, group } }), `run ${marker} 4711:99:TERM:50:0 ${group}`);
  });

  it('round_times_up_and_know_none_below_zero', () => {
    for (const [ms, tenths] of [
      [-5, 0],
      [0, 0],
      [1, 1],
      [100, 1],
      [101, 2],
    ] as const) {
      assert.equal(leashLine({ kind: 'hold', holdMs: ms }), `hold ${tenths}`);
    }
  });

  it('name_no_leader_that_is_not_known_for_certain', () => {
    for (const leader of [undefined, { pid: 4711, startTime: '' }]) {
      assert.equal(leashLine({ kind: 'run', run: { ...run, leader } }), `run ${marker} 0:-:TERM:50:0 -`);
    }
  });

  it('write_start_times_without_blanks_and_separators', () => {
    assert.equal(startToken(' Mon Nov  9 10:11:12.5 2026 '), 'Mon_Nov_9_10-11-12-5_2026');
    const started = { pid: 7, startTime: 'Mon Nov  9 10:11:12 2026' };
    assert.equal(leashLine({ kind: 'run', run: { ...run, leader: started } }).split(' ').length, 4);
  });

  it('carry_the_keep_list_with_its_blanks_and_nothing_that_would_break_a_line', () => {
    const lineOf = (keep: readonly string[]): string => leashLine({ kind: 'run', run: { ...run, keep } });
    const plain = leashLine({ kind: 'run', run });
    assert.equal(lineOf([' turbo daemon ', '$(x)']), `${plain} \x1f turbo daemon \x1f$(x)\x1f`);
    for (const keep of [[], [''], ['a\nend b'], ['a\x1fb'], ['a\0b'], ['\r']]) assert.equal(lineOf(keep), plain);
  });

  it('start_a_shell_and_on_windows_powershell', () => {
    const posix = leashInvocation(false, { records: undefined, machine: 'm' });
    assert.deepEqual([posix.file, posix.args.slice(2)], ['/bin/sh', ['local-backends-leash', '', 'm']]);
    const windows = leashInvocation(true, { records: 'r', machine: 'm' });
    assert.equal(windows.file, 'powershell.exe');
    assert.equal(windows.args.at(-1), windowsLeashScript);
  });
});

describe('the leash for Windows', () => {
  it('reads_the_lines_that_are_written_for_it', () => {
    // What it takes from a line: the fourth word and all after it, cut at colons; the first two parts are used.
    const [, , , ...rest] = `12 ${leashLine({ kind: 'run', run: { ...run, keep: ['a b:c'] } })}`.split(' ');
    assert.deepEqual(rest.join(' ').split(':').slice(0, 2), ['4711', '99']);
    assert.match(windowsLeashScript, /\$number, \$verb, \$subject, \$rest = \$line\.Split\(' '\)/);
    assert.match(windowsLeashScript, /\(\[string\]\$rest\)\.Split\(':'\)/);
  });

  it('compares_the_start_again_before_it_ends_anything_and_never_touches_the_system', () => {
    const [before, after] = windowsLeashScript.split('Stop-Process');
    assert.match(before ?? '', /if \(\$now\.CreationDate -eq \$process\.CreationDate\) \{ $/);
    assert.equal(after?.includes('Stop-Process'), false);
    assert.match(windowsLeashScript, /if \(\$root -le 4\) \{ continue \}/);
  });

  it('is_balanced', () => {
    const count = (char: string): number => windowsLeashScript.split(char).length;
    for (const [open, close] of [
      ['{', '}'],
      ['(', ')'],
      ['[', ']'],
    ] as const) {
      assert.equal(count(open), count(close), open);
    }
  });
});
