import assert from 'node:assert/strict';
import type { ProcTable } from '../../../../src/platform/process/procTable';
import { sendSignal } from '../../../../src/platform/process/signals';
import type { ProcessStat } from '../../../../src/platform/process/types';

const machine = { bootId: 'boot', pidNamespace: 'pid:[1]' };

/** A table in which every pid exists, with one start time: only a refusal keeps the signal from being sent. */
class PermissiveTable implements ProcTable {
  constructor(private readonly ownGroup: number | undefined) {}
  machine(): typeof machine {
    return machine;
  }
  statOf(pid: number): ProcessStat | undefined {
    if (pid === process.pid && this.ownGroup === undefined) return undefined;
    const groupId = pid === process.pid ? (this.ownGroup ?? 0) : pid;
    return { pid, startTime: '7', parentPid: 1, groupId, sessionId: groupId, state: 'S' };
  }
  wholeCommandOf(pid: number): string {
    return `whole ${pid}`;
  }

  commandOf(): string {
    return '';
  }
  stats(): Promise<readonly ProcessStat[]> {
    return Promise.resolve([]);
  }
  markers(): Promise<ReadonlyMap<number, string>> {
    return Promise.resolve(new Map());
  }
}

describe('sendSignal refuses', () => {
  const identity = (pid: number): { pid: number; startTime: string } & typeof machine => ({
    pid,
    startTime: '7',
    ...machine,
  });
  const table = new PermissiveTable(424_242);

  for (const pid of [0, 1, -1, -42, Number.NaN, 1.5, Number.POSITIVE_INFINITY, undefined as unknown as number]) {
    it(`the pid ${String(pid)}, as a process and as a group`, () => {
      assert.equal(sendSignal({ kind: 'process', identity: identity(pid) }, 'SIGTERM', table), 'refused');
      assert.equal(sendSignal({ kind: 'group', identity: identity(pid) }, 'SIGTERM', table), 'refused');
    });
  }

  it('our own process', () => {
    assert.equal(sendSignal({ kind: 'process', identity: identity(process.pid) }, 'SIGTERM', table), 'refused');
  });

  it('our own group', () => {
    assert.equal(sendSignal({ kind: 'group', identity: identity(424_242) }, 'SIGTERM', table), 'refused');
  });

  it('every group when our own cannot be told', () => {
    const blind = new PermissiveTable(undefined);
    assert.equal(sendSignal({ kind: 'group', identity: identity(424_242) }, 'SIGTERM', blind), 'refused');
  });

  it('what is no signal', () => {
    for (const signal of ['', 'TERM', 'SIGNOPE', '15', 'toString']) {
      assert.equal(sendSignal({ kind: 'process', identity: identity(424_243) }, signal, table), 'refused');
    }
  });
});
