import assert from 'node:assert/strict';
import { BackendStore } from '../../../src/vscode/backendStore';
import { firstMatch } from '../../../src/vscode/stateWait';
import { idleOf, viewOf } from '../model/viewOf';
import { definitionOf, folderOf } from './definitions';
import { ManualClock } from './manualClock';

function setUp(): { clock: ManualClock; store: BackendStore } {
  const clock = new ManualClock();
  const store = new BackendStore(clock);
  store.setFolders([folderOf('work', definitionOf('web'))]);
  return { clock, store };
}

describe('firstMatch', () => {
  it('answers_at_once_when_it_matches_already', async () => {
    const { clock, store } = setUp();
    const found = await firstMatch(store, clock, '/work#web', ({ state }) => state === 'stopped', 1_000);
    assert.equal(found?.name, 'web');
    assert.equal(clock.pending, 0);
  });

  it('answers_with_the_change_that_matches_even_when_the_next_one_does_not', async () => {
    const { clock, store } = setUp();
    const found = firstMatch(store, clock, '/work#web', ({ state }) => state === 'ready', 1_000);
    store.apply({ changed: [viewOf('ready', { pid: 7 })], removed: [] });
    store.apply({ changed: [viewOf('failed')], removed: [] });
    assert.equal((await found)?.pid, 7);
  });

  it('sees_what_changes_by_time_alone', async () => {
    const { clock, store } = setUp();
    store.apply({ changed: [viewOf('ready', { idle: idleOf(30_000) })], removed: [] });
    const found = firstMatch(store, clock, '/work#web', (b) => (b.idle?.remainingMs ?? Infinity) < 20_000, 60_000);
    clock.advance(15_000);
    assert.ok(((await found)?.idle?.remainingMs ?? 0) > 19_000);
  });

  it('waits_through_a_moment_in_which_the_file_is_away', async () => {
    const { clock, store } = setUp();
    const found = firstMatch(store, clock, '/work#web', ({ state }) => state === 'ready', 1_000);
    store.setFolders([folderOf('work')]);
    store.setFolders([folderOf('work', definitionOf('web'))]);
    store.apply({ changed: [viewOf('ready')], removed: [] });
    assert.equal((await found)?.state, 'ready');
  });

  it('looks_at_changes_only_when_time_alone_changes_nothing', async () => {
    const { clock, store } = setUp();
    const found = firstMatch(store, clock, '/work#web', ({ state }) => state === 'ready', 1_000, false);
    assert.equal(clock.pending, 1, 'the timeout');
    store.apply({ changed: [viewOf('ready')], removed: [] });
    assert.equal((await found)?.state, 'ready');
  });

  it('gives_up_at_the_timeout_and_leaves_no_timer', async () => {
    const { clock, store } = setUp();
    const found = firstMatch(store, clock, '/work#web', ({ state }) => state === 'ready', 1_000);
    clock.advance(1_000);
    assert.equal(await found, undefined);
    assert.equal(clock.pending, 0);
  });

  it('rejects_with_what_the_predicate_throws', async () => {
    const { clock, store } = setUp();
    const broken = (): boolean => {
      throw new Error('broken predicate');
    };
    await assert.rejects(firstMatch(store, clock, '/work#web', broken, 1_000), /broken predicate/);
    assert.equal(clock.pending, 0);
  });
});
