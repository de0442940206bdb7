import assert from 'node:assert/strict';
import { familyOf, type FamilyFacts } from '../../../../src/platform/process/family';
import type { ProcessStat } from '../../../../src/platform/process/types';

const marker = 'a'.repeat(32);

/** `pid parent group session state`, started at `pid × 10`. */
function stats(...rows: readonly string[]): ProcessStat[] {
  return rows.map((row) => {
    const [pid = 0, parentPid = 0, groupId = 0, sessionId = 0] = row.split(' ').map(Number);
    return { pid, parentPid, groupId, sessionId, state: row.split(' ')[4] ?? 'S', startTime: String(pid * 10) };
  });
}

function members(rows: readonly string[], more: Partial<FamilyFacts> = {}): number[] {
  const facts: FamilyFacts = {
    leader: { pid: 100, startTime: '1000' },
    marker,
    remembered: new Map(),
    stats: stats('1 0 1 1', '50 1 50 50', ...rows),
    markers: new Map(),
    ownPid: 50,
    ...more,
  };
  return familyOf(facts)
    .members.map((member) => member.pid)
    .sort((a, b) => a - b);
}

describe('membersOf a run', () => {
  it('are the leader, its group and its session', () => {
    assert.deepEqual(members(['100 50 100 100', '101 100 100 100', '102 1 102 100']), [100, 101, 102]);
  });

  it('are descendants in sessions of their own, however deep', () => {
    assert.deepEqual(
      members(['100 50 100 100', '101 100 101 101', '102 101 102 102', '103 102 103 103']),
      [100, 101, 102, 103],
    );
  });

  it('are those that carry the marker, with their children', () => {
    const markers = new Map([[200, marker]]);
    assert.deepEqual(members(['200 1 200 200', '201 200 201 201'], { markers }), [200, 201]);
    assert.deepEqual(members(['200 1 200 200'], { markers: new Map([[200, 'b'.repeat(32)]]) }), []);
  });

  it('are those in its control group, with their children', () => {
    const group = new Set([200, 300]);
    assert.deepEqual(members(['200 1 200 200', '201 200 201 201'], { group }), [200, 201]);
  });

  it('are those seen before, as long as the pid is still the same process', () => {
    const rows = ['200 1 200 200'];
    assert.deepEqual(members(rows, { remembered: new Map([[200, '2000']]) }), [200]);
    assert.deepEqual(members(rows, { remembered: new Map([[200, '1999']]) }), []);
  });

  it('are not zombies', () => {
    assert.deepEqual(members(['100 50 100 100 Z', '101 1 100 100', '102 101 100 100 Z']), [101]);
  });

  it('of a group without its leader, only when somebody known is inside', () => {
    const rows = ['101 1 100 100', '102 1 100 100'];
    assert.deepEqual(members(rows), []);
    assert.deepEqual(members(rows, { markers: new Map([[101, marker]]) }), [101, 102]);
    assert.deepEqual(members(rows, { remembered: new Map([[102, '1020']]) }), [101, 102]);
  });

  it('are not a stranger that was given the pid of the leader, nor its group', () => {
    const recycled = { leader: { pid: 100, startTime: '999' } };
    assert.deepEqual(members(['100 1 100 100', '101 100 100 100'], recycled), []);
    assert.deepEqual(
      members(['100 1 100 100', '200 1 200 200'], { ...recycled, remembered: new Map([[200, '2000']]) }),
      [200],
    );
  });

  it('are never ourselves, init, or siblings of the leader', () => {
    const markers = new Map([
      [1, marker],
      [50, marker],
    ]);
    assert.deepEqual(members(['100 50 100 100'], { markers: new Map([[50, marker]]) }), [100]);
    assert.ok(!members(['100 50 100 100', '60 50 60 60'], { markers }).includes(1));
    assert.deepEqual(members(['100 50 100 100', '60 50 60 60']), [100]);
  });

  describe('where a daemon of the keep-list serves others too', () => {
    // The leader, a client in its group, the daemon in a session of its own.
    const rows = ['100 50 100 100', '101 100 100 100', '200 101 200 200'];
    const keeps = (pid: number): boolean => pid === 200;
    const markers = new Map([[200, marker]]);

    it('are neither the daemon nor what it does for somebody else, however deep', () => {
      const theirs = ['201 200 201 201', '202 201 202 202', '203 200 200 200'];
      assert.deepEqual(members([...rows, ...theirs], { keeps, markers }), [100, 101]);
      assert.deepEqual(members([...rows, ...theirs], { markers }), [100, 101, 200, 201, 202, 203]);
    });

    it('are those of its children that carry the marker, with theirs, or are in the group or session', () => {
      const marked = new Map([...markers, [201, marker] as const]);
      const ours = ['201 200 201 201', '202 201 202 202', '203 200 100 100', '204 200 204 100', '205 200 205 205'];
      assert.deepEqual(members([...rows, ...ours], { keeps, markers: marked }), [100, 101, 201, 202, 203, 204]);
    });

    it('are not its children that were seen before it was on the list, nor in the group when that is not ours', () => {
      const theirs = ['201 200 201 201', '202 201 202 202'];
      const remembered = new Map([
        [200, '2000'],
        [201, '2010'],
        [202, '2020'],
      ]);
      assert.deepEqual(members([...rows, ...theirs], { keeps, markers, remembered }), [100, 101]);
    });

    it('are those of the list that stayed in the group or session', () => {
      const all = ['100 50 100 100', '101 100 100 100', '200 101 200 100', '201 200 201 201'];
      assert.deepEqual(members(all, { keeps }), [100, 101, 200, 201]);
    });
  });

  it('cannot be told without a start time', () => {
    assert.deepEqual(members(['100 50 100 100'], { leader: { pid: 100, startTime: '' } }), []);
  });
});
