import assert from 'node:assert/strict';
import { FamilyScans } from '../../../../src/platform/process/familyScans';
import type { ProcTable } from '../../../../src/platform/process/procTable';
import type { ExitStatus, ProcessStat, Run } from '../../../../src/platform/process/types';
import { ManualClock } from '../../vscode/manualClock';

const machine = { bootId: 'boot', pidNamespace: 'ns' };

/** A process that leads a group of its own. */
function process(pid: number, parentPid = 1, groupId = pid): ProcessStat {
  return { pid, parentPid, groupId, sessionId: groupId, state: 'S', startTime: String(pid) };
}

function runOf(pid: number, keep: readonly string[] = []): Run {
  return {
    marker: String(pid).padStart(32, '0'),
    identity: { pid, startTime: String(pid), ...machine },
    exitStatus: undefined,
    exited: new Promise<ExitStatus>(() => {}),
    keep,
    memory: { members: new Map() },
  };
}

class CountingTable implements ProcTable {
  looks = 0;
  rows: readonly ProcessStat[] = [];
  answer: () => Promise<readonly ProcessStat[]> = () => Promise.resolve(this.rows);
  machine(): typeof machine {
    return machine;
  }
  statOf(): undefined {
    return undefined;
  }
  wholeCommandOf(pid: number): string {
    return `whole ${pid}`;
  }

  commandOf(): string {
    return '';
  }
  stats(): Promise<readonly ProcessStat[]> {
    this.looks++;
    return this.answer();
  }
  markers(): Promise<ReadonlyMap<number, string>> {
    return Promise.resolve(new Map());
  }
}

describe('family scans', () => {
  let clock: ManualClock;
  let table: CountingTable;
  let scans: FamilyScans;
  beforeEach(() => {
    clock = new ManualClock();
    table = new CountingTable();
    scans = new FamilyScans(table, clock);
  });

  it('one_look_tells_the_families_of_a_hundred_runs', async () => {
    const runs = Array.from({ length: 100 }, (_, n) => runOf(100 + 10 * n));
    table.rows = runs.flatMap(({ identity: { pid } }) => [process(pid), process(pid + 1, pid)]);
    const families = await Promise.all(runs.map((run) => scans.pidsOf(run, clock.nowMs())));
    assert.deepEqual(families[7], [170, 171]);
    assert.equal(families.filter((family) => family.length === 2).length, 100);
    assert.equal(table.looks, 1);
  });

  it('a_look_serves_who_accepts_its_age_and_nobody_else', async () => {
    const run = runOf(100);
    table.rows = [process(100)];
    clock.advance(1_000);
    assert.deepEqual(await scans.pidsOf(run, 1_000), [100]);
    table.rows = [process(100), process(101, 100)];
    clock.advance(50);
    assert.deepEqual(await scans.pidsOf(run, 1_000), [100]);
    assert.equal(table.looks, 1);
    assert.deepEqual(await scans.pidsOf(run, 1_001), [100, 101]);
    assert.equal(table.looks, 2);
  });

  it('a_look_that_failed_is_told_and_not_kept', async () => {
    const run = runOf(100);
    table.answer = () => Promise.reject(new Error('too many open files'));
    await assert.rejects(scans.pidsOf(run, 0), /too many open files/);
    table.answer = () => Promise.resolve([process(100)]);
    assert.deepEqual(await scans.pidsOf(run, 0), [100]);
  });

  it('remembers_a_member_whose_parent_is_gone_and_forgets_it_when_it_is_gone_itself', async () => {
    const run = runOf(100);
    table.rows = [process(100), process(200, 100)];
    await scans.pidsOf(run, 0);
    table.rows = [process(100), process(200, 1)];
    clock.advance(10);
    assert.deepEqual(await scans.pidsOf(run, 10), [100, 200]);
    table.rows = [process(100)];
    clock.advance(10);
    await scans.pidsOf(run, 20);
    assert.deepEqual([...(run.memory?.members.keys() ?? [])], [100]);
  });

  it('an_older_look_does_not_forget_what_was_found_since', async () => {
    const run = runOf(100);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    table.answer = () => held.then(() => [process(100)]);
    const older = scans.pidsOf(run, 0);
    clock.advance(10);
    table.answer = () => Promise.resolve([process(100), process(200, 100)]);
    await scans.pidsOf(run, 10);
    release();
    await older;
    assert.deepEqual([...(run.memory?.members.keys() ?? [])], [100, 200]);
  });

  it('the_family_has_no_part_in_what_a_daemon_of_the_keep_list_does', async () => {
    table.rows = [process(100), process(200, 100), process(201, 200), process(300, 100), process(301, 300)];
    assert.deepEqual(await scans.pidsOf(runOf(100, ['whole 200']), 0), [100, 300, 301]);
  });
});
