import assert from 'node:assert/strict';
import type { ProcTable } from '../../../../src/platform/process/procTable';
import { sharingLooks } from '../../../../src/platform/process/sharedLooks';
import type { ProcessStat } from '../../../../src/platform/process/types';
import { ManualClock } from '../../vscode/manualClock';

/** Each look sees one process, whose pid is the number of the look; it ends when it is released. */
class HeldTable implements ProcTable {
  readonly release: (() => void)[] = [];
  readonly refuse: ((error: Error) => void)[] = [];
  looksAtMarkers = 0;
  held = true;

  get looks(): number {
    return this.release.length;
  }
  machine(): undefined {
    return undefined;
  }
  statOf(): undefined {
    return undefined;
  }
  commandOf(pid: number): string {
    return `command of ${pid}`;
  }
  wholeCommandOf(pid: number): string {
    return `whole ${pid}`;
  }
  stats(): Promise<readonly ProcessStat[]> {
    const pid = this.looks + 1;
    const seen = { pid, parentPid: 1, groupId: pid, sessionId: pid, state: 'S', startTime: String(pid) };
    return new Promise((resolve, reject) => {
      this.release.push(() => resolve([seen]));
      this.refuse.push(reject);
      if (!this.held) this.release.at(-1)?.();
    });
  }
  markers(stats: readonly ProcessStat[]): Promise<ReadonlyMap<number, string>> {
    this.looksAtMarkers++;
    return Promise.resolve(new Map(stats.map(({ pid }) => [pid, `marker ${pid}`])));
  }
}

describe('looks at the process table that are shared', () => {
  let clock: ManualClock;
  let table: HeldTable;
  let shared: ProcTable;
  beforeEach(() => {
    clock = new ManualClock();
    table = new HeldTable();
    shared = sharingLooks(table, clock);
  });

  /** The number of the look that answered. */
  const ask = async (): Promise<number> => (await shared.stats())[0]?.pid ?? 0;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('begin_at_once_when_nobody_else_asks', async () => {
    const answer = ask();
    assert.equal(table.looks, 1);
    table.release[0]?.();
    assert.equal(await answer, 1);
  });

  it('answer_nobody_who_asked_after_they_had_begun', async () => {
    const before = ask();
    const meanwhile = Array.from({ length: 50 }, ask);
    table.release[0]?.();
    assert.equal(await before, 1);
    await turn();
    assert.equal(table.looks, 2, 'one for all who asked meanwhile');
    const late = ask();
    table.release[1]?.();
    assert.deepEqual([...new Set(await Promise.all(meanwhile))], [2]);
    await turn();
    table.release[2]?.();
    assert.equal(await late, 3);
    assert.equal(table.looks, 3);
  });

  it('answer_nobody_who_asks_while_they_are_handed_out', async () => {
    table.held = false;
    let late: Promise<number> | undefined;
    const answers = [ask(), ask().finally(() => (late = ask())), ask()];
    assert.deepEqual(await Promise.all(answers), [1, 2, 2]);
    assert.equal(await late, 3);
  });

  it('are_handed_out_one_a_turn_of_the_loop_in_the_order_of_those_who_asked', async () => {
    table.held = false;
    await ask();
    const order: string[] = [];
    const first = ask();
    const others = ['a', 'b'].map((name) =>
      ask().then(async () => {
        for (let step = 0; step < 20; step++) await Promise.resolve();
        order.push(name);
      }),
    );
    // Without a turn between, this one would be told before the steps of those in front are done.
    others.push(ask().then(() => void order.push('c')));
    await Promise.all([first, ...others]);
    assert.deepEqual(order, ['a', 'b', 'c']);
  });

  it('are_not_kept_for_longer_than_100_ms', async () => {
    table.held = false;
    const answers = [
      ask(),
      ask().finally(() => clock.advance(100)),
      ask().finally(() => clock.advance(1)),
      ask(),
      ask(),
    ];
    assert.deepEqual(await Promise.all(answers), [1, 2, 2, 3, 3]);
  });

  it('bring_those_who_ask_further_however_slow_everything_is', async () => {
    table.held = false;
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask().finally(() => clock.advance(60_000))));
    assert.deepEqual(answers, [1, 2, 3, 4, 5]);
  });

  it('are_told_as_failed_to_those_who_share_them_and_to_nobody_else', async () => {
    const first = assert.rejects(ask(), /too many open files/);
    const others = [ask(), ask()];
    table.refuse[0]?.(new Error('too many open files'));
    await first;
    await turn();
    table.release[1]?.();
    assert.deepEqual(await Promise.all(others), [2, 2]);
  });

  it('bring_their_markers_with_them', async () => {
    table.held = false;
    await ask();
    const [one, other] = await Promise.all([shared.stats(), shared.stats(), shared.stats()]);
    const read = table.looksAtMarkers;
    assert.equal((await shared.markers(one)).get(one[0]?.pid ?? 0), `marker ${one[0]?.pid}`);
    assert.equal((await shared.markers(other)).get(other[0]?.pid ?? 0), `marker ${other[0]?.pid}`);
    assert.equal(table.looksAtMarkers, read);
    await shared.markers([...one]);
    assert.equal(table.looksAtMarkers, read + 1, 'of a list of somebody else they are read');
  });

  it('change_nothing_about_looks_at_one_process', () => {
    assert.equal(shared.commandOf(7), 'command of 7');
    assert.equal(shared.wholeCommandOf(7), 'whole 7');
    assert.ok(!('takes' in shared), 'where the system does not tell');
  });
});
