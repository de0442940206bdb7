import assert from 'node:assert/strict';
import { isGone, parseProcStat } from '../../../../src/platform/process/procStat';

const rest = '1 42 43 0 -1 4194304 100 0 0 0 5 6 0 0 20 0 1 0 987654 1000 200 18446744073709551615';

describe('parseProcStat', () => {
  it('reads pid, state, parent, group, session and start time', () => {
    assert.deepEqual(parseProcStat(`42 (node) S ${rest}\n`), {
      pid: 42,
      state: 'S',
      parentPid: 1,
      groupId: 42,
      sessionId: 43,
      startTime: '987654',
    });
  });

  for (const name of ['a b', '(sd-pam)', ') Z 1 2 3', 'x) (y', ' ', '((((', 'new\nline']) {
    it(`is not misled by the name ${JSON.stringify(name)}`, () => {
      const stat = parseProcStat(`42 (${name}) R ${rest}`);
      assert.deepEqual([stat?.state, stat?.parentPid, stat?.startTime], ['R', 1, '987654']);
    });
  }

  it('takes a zombie whose other threads go on for one that lives', () => {
    const withThreads = (count: number): string => `42 (python3) Z ${rest.replace('20 0 1 0', `20 0 ${count} 0`)}`;
    assert.deepEqual(
      [1, 2].map((count) => parseProcStat(withThreads(count))?.state),
      ['Z', 'S'],
    );
  });

  for (const broken of ['', '42', '42 (node', '42 (node)', '42 (node) S 1 42 43', `x (node) S ${rest}`]) {
    it(`answers nothing for ${JSON.stringify(broken)}`, () => assert.equal(parseProcStat(broken), undefined));
  }
});

describe('isGone', () => {
  it('counts zombies and the dead as gone, and nobody else', () => {
    assert.deepEqual('RSDTtIWPKZXx'.split('').filter(isGone), ['Z', 'X', 'x']);
  });
});
