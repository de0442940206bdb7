import assert from 'node:assert/strict';
import { rowDescription } from '../../../../src/model/presentation';
import { BackendStore } from '../../../../src/vscode/backendStore';
import { RowTicker } from '../../../../src/vscode/tree/rowTicker';
import { idleOf, viewOf } from '../../model/viewOf';
import { definitionOf, folderOf } from '../definitions';
import { ManualClock } from '../manualClock';

/** A tree that asks for every row at once, as VS Code does for visible ones. */
function setUp(): { clock: ManualClock; store: BackendStore; ticker: RowTicker; refreshed: [number, string][] } {
  const clock = new ManualClock();
  const store = new BackendStore(clock);
  const refreshed: [number, string][] = [];
  const signature = ({ view, ageMs }: { view: Parameters<typeof rowDescription>[0]; ageMs: number }): string =>
    rowDescription(view, ageMs);
  const ticker: RowTicker = new RowTicker(store, clock, signature, (keys) => {
    for (const key of keys) refreshed.push([clock.nowMs(), key.slice(key.indexOf('#') + 1)]);
  });
  store.setFolders([folderOf('work', definitionOf('web'), definitionOf('db'))]);
  ticker.setVisible(true);
  for (const aged of store.aged()) ticker.rendered(aged.view.key, signature(aged));
  return { clock, store, ticker, refreshed };
}

describe('RowTicker', () => {
  it('refreshes_a_row_when_its_text_changes_and_no_other', () => {
    const { store, refreshed } = setUp();
    store.apply({ changed: [viewOf('ready')], removed: [] });
    store.apply({ changed: [viewOf('ready', { stateSince: 5 })], removed: [] });
    assert.deepEqual(refreshed, [[0, 'web']]);
  });

  it('moves_a_countdown_in_steps', () => {
    const { clock, store, refreshed } = setUp();
    store.apply({ changed: [viewOf('ready', { idle: idleOf(30_000) })], removed: [] });
    refreshed.length = 0;
    clock.advance(30_000);
    const steps = refreshed.map(([at]) => at);
    assert.deepEqual(steps, [5_000, 10_000, 15_000, 20_000, 25_000, 30_000]);
  });

  it('sets_no_timer_while_hidden_or_while_nothing_counts_down', () => {
    const { clock, store, ticker } = setUp();
    assert.equal(clock.pending, 0);
    store.apply({ changed: [viewOf('ready', { idle: idleOf(30_000) })], removed: [] });
    assert.equal(clock.pending, 1);
    ticker.setVisible(false);
    assert.equal(clock.pending, 0);
    store.apply({ changed: [viewOf('ready', { idle: idleOf(20_000) })], removed: [] });
    assert.equal(clock.pending, 0);
  });

  it('catches_up_when_shown_again', () => {
    const { store, ticker, refreshed } = setUp();
    ticker.setVisible(false);
    store.apply({ changed: [viewOf('failed')], removed: [] });
    assert.deepEqual(refreshed, []);
    ticker.setVisible(true);
    assert.deepEqual(refreshed, [[0, 'web']]);
  });
});
