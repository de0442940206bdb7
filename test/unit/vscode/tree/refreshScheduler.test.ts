import assert from 'node:assert/strict';
import { RefreshScheduler, type Refresh } from '../../../../src/vscode/tree/refreshScheduler';
import { ManualClock } from '../manualClock';

function setUp(): { clock: ManualClock; scheduler: RefreshScheduler<string>; fired: [number, Refresh<string>][] } {
  const clock = new ManualClock();
  const fired: [number, Refresh<string>][] = [];
  const scheduler = new RefreshScheduler<string>(clock, (refresh) => fired.push([clock.nowMs(), refresh]));
  clock.advance(1_000);
  scheduler.setVisible(true);
  return { clock, scheduler, fired };
}

describe('RefreshScheduler', () => {
  it('tells_the_first_change_at_once_and_the_following_together_250_ms_later', () => {
    const { clock, scheduler, fired } = setUp();
    scheduler.rowsChanged(['a']);
    clock.advance(10);
    scheduler.rowsChanged(['b']);
    scheduler.rowsChanged(['c', 'b']);
    clock.advance(1_000);
    assert.deepEqual(fired, [
      [1_000, ['a']],
      [1_250, ['b', 'c']],
    ]);
  });

  it('is_never_faster_than_once_in_250_ms_however_many_changes_come', () => {
    const { clock, scheduler, fired } = setUp();
    for (let step = 0; step < 100; step++) {
      scheduler.rowsChanged([`row ${step % 7}`]);
      clock.advance(25);
    }
    const gaps = fired.slice(1).map(([at], index) => at - (fired[index]?.[0] ?? 0));
    assert.ok(gaps.length >= 9, `${gaps.length} refreshes`);
    assert.ok(Math.min(...gaps) >= 250, `the shortest gap was ${Math.min(...gaps)} ms`);
  });

  it('never_fires_an_empty_list', () => {
    const { clock, scheduler, fired } = setUp();
    scheduler.rowsChanged([]);
    clock.advance(1_000);
    assert.deepEqual(fired, []);
  });

  it('refreshes_everything_when_rows_come_or_go', () => {
    const { scheduler, fired } = setUp();
    scheduler.structureChanged();
    assert.deepEqual(fired, [[1_000, 'everything']]);
  });

  it('holds_no_timer_while_hidden_and_catches_up_when_shown', () => {
    const { clock, scheduler, fired } = setUp();
    scheduler.rowsChanged(['a']);
    scheduler.rowsChanged(['b']);
    scheduler.setVisible(false);
    scheduler.rowsChanged(['c']);
    assert.equal(clock.pending, 0);
    clock.advance(5_000);
    assert.equal(fired.length, 1);
    scheduler.setVisible(true);
    assert.deepEqual(fired.at(-1), [6_000, ['b', 'c']]);
  });

  it('leaves_no_timer_behind', () => {
    const { clock, scheduler } = setUp();
    scheduler.rowsChanged(['a']);
    scheduler.rowsChanged(['b']);
    scheduler.dispose();
    assert.equal(clock.pending, 0);
  });
});
