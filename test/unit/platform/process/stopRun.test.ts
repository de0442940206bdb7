import assert from 'node:assert/strict';
import type { Clock } from '../../../../src/base/clock';
import { toDisposable } from '../../../../src/base/lifecycle';
import { listFamilies } from '../../../../src/platform/process/family';
import type { MachineIdentity, ProcTable } from '../../../../src/platform/process/procTable';
import { stopRun } from '../../../../src/platform/process/stopRun';
import type { ExitStatus, ProcessStat, Run, StopResult } from '../../../../src/platform/process/types';

const machine: MachineIdentity = { bootId: 'boot', pidNamespace: 'pid:[1]' };
/** Beyond the largest pid that Linux gives: a signal to it can hit nobody. */
const leaderPid = 5_000_001;

/** Time that runs as fast as anybody waits for it. */
class EagerClock implements Clock {
  time = 0;
  nowMs(): number {
    return this.time;
  }
  wallMs(): number {
    return this.time;
  }
  setTimer(delayMs: number, run: () => void): ReturnType<Clock['setTimer']> {
    const soon = setImmediate(() => {
      this.time += delayMs;
      run();
    });
    return toDisposable(() => clearImmediate(soon));
  }
}

class FakeTable implements ProcTable {
  looks = 0;
  constructor(public rows: (look: number) => readonly ProcessStat[]) {}
  machine(): MachineIdentity {
    return machine;
  }
  statOf(pid: number): ProcessStat | undefined {
    if (pid === process.pid) return row(pid, 1, 1);
    return this.rows(this.looks).find((stat) => stat.pid === pid);
  }
  wholeCommandOf(pid: number): string {
    return `whole ${pid}`;
  }

  commandOf(pid: number): string {
    return `command of ${pid}`;
  }
  stats(): Promise<readonly ProcessStat[]> {
    return Promise.resolve(this.rows(this.looks++));
  }
  markers(): Promise<ReadonlyMap<number, string>> {
    return Promise.resolve(new Map());
  }
}

function row(pid: number, groupId: number, parentPid = 1, state = 'S'): ProcessStat {
  return { pid, groupId, sessionId: groupId, parentPid, state, startTime: String(pid) };
}

function newRun(exitStatus?: ExitStatus): Run {
  return {
    marker: 'a'.repeat(32),
    identity: { pid: leaderPid, startTime: String(leaderPid), ...machine },
    exitStatus,
    exited: new Promise<ExitStatus>(() => {}),
    memory: { members: new Map() },
  };
}

describe('stopRun in a world of one process table', () => {
  const stop = (run: Run, table: ProcTable, clock: Clock, graceMs = 1_000): Promise<StopResult> =>
    stopRun(run, { signal: 'SIGTERM', graceMs }, clock, table);

  it('names what will not go, after the grace and five seconds more', async () => {
    const clock = new EagerClock();
    const table = new FakeTable(() => [row(leaderPid, leaderPid, 1, 'D')]);
    const result = await stop(newRun(), table, clock);
    assert.equal(result.forced, true);
    assert.deepEqual(
      result.leftovers.map(({ pid, command }) => ({ pid, command })),
      [{ pid: leaderPid, command: `command of ${leaderPid}` }],
    );
    assert.ok(clock.time >= 6_000 && clock.time < 6_500, `${clock.time} ms`);
  });

  it('counts a zombie as gone', async () => {
    const clock = new EagerClock();
    const table = new FakeTable(() => [row(leaderPid, leaderPid, 1, 'Z')]);
    assert.deepEqual(await stop(newRun(), table, clock), { forced: false, leftovers: [] });
    assert.ok(clock.time <= 200);
  });

  it('is content with one look when nobody was outside the group', async () => {
    const table = new FakeTable((look) =>
      look === 0 ? [row(leaderPid, leaderPid, 1, 'Z'), row(5_000_002, leaderPid)] : [],
    );
    assert.deepEqual(await stop(newRun({ code: 0 }), table, new EagerClock()), { forced: false, leftovers: [] });
    assert.equal(table.looks, 2);
  });

  it('waits for 300 ms of quiet when somebody was outside: new ones may be born between two looks', async () => {
    const clock = new EagerClock();
    const leader = row(leaderPid, leaderPid, 1, 'Z');
    const table = new FakeTable((look) => {
      if (look === 0) return [leader, row(5_000_002, leaderPid), row(5_000_003, 5_000_003, 5_000_002)];
      // Gone at the second look, but one more was born of it and shows up at the third.
      return look === 2 ? [row(5_000_004, leaderPid)] : [];
    });
    const run = newRun({ code: 0 });
    run.memory?.members.set(5_000_004, '5000004');
    assert.equal((await stop(run, table, clock)).leftovers.length, 0);
    assert.ok(clock.time >= 300, `${clock.time} ms`);
    assert.ok(table.looks >= 5);
  });

  it('does not take an empty table for the end of a leader that is not known to have ended', async () => {
    const result = await stop(newRun(), new FakeTable(() => []), new EagerClock());
    assert.deepEqual(
      result.leftovers.map(({ pid, startTime }) => ({ pid, startTime })),
      [{ pid: leaderPid, startTime: String(leaderPid) }],
    );
    const ended = await stop(newRun({ signal: 'SIGTERM' }), new FakeTable(() => []), new EagerClock());
    assert.deepEqual(ended.leftovers, []);
  });

  it('looks again after a look that failed', async () => {
    const table = new FakeTable(() => []);
    let failures = 3;
    table.stats = () =>
      failures-- > 0
        ? Promise.reject(new Error('too many open files'))
        : Promise.resolve([row(leaderPid, leaderPid, 1, 'Z')]);
    table.rows = () => [row(leaderPid, leaderPid, 1, 'Z')];
    assert.deepEqual(await stop(newRun(), table, new EagerClock()), { forced: false, leftovers: [] });
    assert.equal(failures, -1);
  });

  it('names the leader when nothing can be looked at, and ends in bounded time', async () => {
    const clock = new EagerClock();
    const table = new FakeTable(() => []);
    table.stats = () => Promise.reject(new Error('too many open files'));
    const result = await stop(newRun(), table, clock);
    assert.deepEqual(
      result.leftovers.map(({ pid }) => pid),
      [leaderPid],
    );
    assert.ok(clock.time < 30_000, `${clock.time} ms`);
  });

  it('forgets the shared stop when it is over, so that a later one looks again', async () => {
    const run = newRun();
    const table = new FakeTable(() => []);
    const first = stop(run, table, new EagerClock());
    assert.equal(stop(run, table, new EagerClock()), first);
    await first;
    assert.equal(run.memory?.stopping, undefined);
    const looks = table.looks;
    await stop(run, table, new EagerClock());
    assert.ok(table.looks > looks);
  });

  it('sends nothing when the point of no return is refused', async () => {
    const run = newRun();
    const table = new FakeTable(() => [row(leaderPid, leaderPid)]);
    const refuse = (): void => {
      throw new Error('not yet');
    };
    const options = { signal: 'SIGTERM', graceMs: 0, beforeFirstSignal: refuse };
    await assert.rejects(stopRun(run, options, new EagerClock(), table), /not yet/);
    assert.equal(table.looks, 1);
  });
});

describe('listFamilies', () => {
  it('does not let an older look forget what a newer one has found', async () => {
    const run = newRun();
    const leader = row(leaderPid, leaderPid);
    const child = row(5_000_002, 5_000_002, leaderPid);
    let release = (): void => {};
    const slow = new FakeTable(() => [leader]);
    const held = new Promise<void>((resolve) => (release = resolve));
    slow.stats = () => held.then(() => [leader]);
    const older = listFamilies([run], slow);
    await listFamilies([run], new FakeTable(() => [leader, child]));
    release();
    await older;
    assert.deepEqual([...(run.memory?.members.keys() ?? [])].sort(), [leaderPid, 5_000_002]);
    await listFamilies([run], new FakeTable(() => [leader]));
    assert.deepEqual([...(run.memory?.members.keys() ?? [])], [leaderPid]);
  });
});
