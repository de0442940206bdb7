import assert from 'node:assert/strict';
import { heldBack, type Tellable } from '../../../../src/platform/process/tellOrder';

const process = (pid: number, parentPid: number, program: string, catches = true): Tellable => ({
  ...{ pid, parentPid, program, catches },
});

describe('heldBack', () => {
  it('holds back a watcher whose child handles the signal', () => {
    assert.deepEqual(heldBack([process(1, 0, 'node'), process(2, 1, 'node')]), [[1]]);
  });

  it('holds nobody back where only one handles it', () => {
    assert.deepEqual(heldBack([process(1, 0, 'node', false), process(2, 1, 'node')]), []);
    assert.deepEqual(heldBack([process(1, 0, 'node'), process(2, 1, 'node', false)]), []);
  });

  it('looks through those between that do not handle it', () => {
    const members = [process(1, 0, 'node'), process(2, 1, 'dash', false), process(3, 2, 'python3.11')];
    assert.deepEqual(heldBack(members), [[1]]);
  });

  it('holds a chain back from below to above, whatever the order in which it is listed', () => {
    const chain = [process(1, 0, 'node'), process(2, 1, 'dash', false), process(3, 2, 'node'), process(4, 3, 'node')];
    assert.deepEqual(heldBack(chain), [[3], [1]]);
    assert.deepEqual(heldBack([...chain].reverse()), [[3], [1]]);
  });

  it('waits for the longer of two branches', () => {
    const members = [process(1, 0, 'bash'), process(2, 1, 'node'), process(3, 2, 'node'), process(4, 1, 'node')];
    assert.deepEqual(heldBack(members), [[2], [1]]);
  });

  it('holds no server back that leads processes of its own', () => {
    assert.deepEqual(heldBack([process(1, 0, 'postgres'), process(2, 1, 'postgres')]), []);
  });

  it('ends where parents go round in a ring', () => {
    assert.deepEqual(
      heldBack([process(1, 2, 'node'), process(2, 1, 'node')])
        .flat()
        .sort(),
      [1, 2],
    );
  });
});
