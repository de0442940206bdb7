import assert from 'node:assert/strict';
import { BackendStore, type StoreChange } from '../../../src/vscode/backendStore';
import { idleOf, viewOf } from '../model/viewOf';
import { definitionOf, folderOf } from './definitions';
import { ManualClock } from './manualClock';

function setUp(): { clock: ManualClock; store: BackendStore; changes: StoreChange[] } {
  const clock = new ManualClock();
  const store = new BackendStore(clock);
  const changes: StoreChange[] = [];
  store.onDidChange((change) => changes.push(change));
  return { clock, store, changes };
}

const states = (store: BackendStore): string[] => store.views().map((view) => `${view.name} ${view.state}`);

describe('BackendStore', () => {
  it('shows_what_the_files_declare_while_no_broker_is_there', () => {
    const { store } = setUp();
    store.setFolders([folderOf('work', definitionOf('web', { port: 3000 }), definitionOf('db', { problem: 'bad' }))]);
    assert.deepEqual(states(store), ['web stopped', 'db stopped']);
    const [web, db] = store.views();
    assert.equal(web?.url, 'http://localhost:3000');
    assert.equal(db?.problem, 'bad');
  });

  it('takes_the_word_of_the_broker_over_the_file_and_keeps_the_order_of_the_file', () => {
    const { store } = setUp();
    store.setFolders([folderOf('work', definitionOf('web'), definitionOf('db'))]);
    store.apply({ changed: [viewOf('ready', { name: 'db', pid: 7 })], removed: [] });
    assert.deepEqual(states(store), ['web stopped', 'db ready']);
  });

  it('leaves_out_backends_of_folders_that_are_not_open_here', () => {
    const { store } = setUp();
    store.setFolders([folderOf('work', definitionOf('web'))]);
    store.apply({ changed: [viewOf('ready', { key: '/else#x', name: 'x', folderPath: '/else' })], removed: [] });
    assert.deepEqual(states(store), ['web stopped']);
  });

  it('marks_what_this_window_may_not_start_whatever_another_window_may', () => {
    const { store } = setUp();
    const work = folderOf('work', definitionOf('web'), definitionOf('db'));
    const marks = (): string[] => store.views().map(({ name, untrusted }) => `${name} ${untrusted ?? false}`);
    store.setFolders([{ ...work, trusted: false }]);
    store.apply({ changed: [viewOf('ready')], removed: [] });
    assert.deepEqual(marks(), ['web true', 'db true']);
    store.setFolders([work]);
    assert.deepEqual(marks(), ['web false', 'db false']);
  });

  it('keeps_listing_a_backend_that_was_taken_out_of_the_file_until_the_broker_lets_it_go', () => {
    const { store } = setUp();
    store.setFolders([folderOf('work', definitionOf('web'))]);
    store.apply({ changed: [viewOf('ready')], removed: [] });
    store.setFolders([folderOf('work')]);
    assert.deepEqual(states(store), ['web ready']);
    store.apply({ changed: [], removed: ['/work#web'] });
    assert.deepEqual(states(store), []);
  });

  it('does_not_list_a_stopped_backend_again_that_left_the_file', () => {
    const { store } = setUp();
    store.setFolders([folderOf('work', definitionOf('web'))]);
    store.apply({ changed: [viewOf('stopping')], removed: [] });
    store.setFolders([folderOf('work')]);
    store.apply({ changed: [], removed: ['/work#web'] });
    // The answer to the stop itself comes after the broker has let it go.
    store.apply({ changed: [viewOf('stopped')], removed: [] });
    assert.deepEqual(states(store), []);
    assert.equal(store.isKnownToBroker('/work#web'), false);
  });

  it('calls_a_folder_as_this_window_does', () => {
    const { store } = setUp();
    const folder = folderOf('work', definitionOf('web'));
    store.setFolders([folder]);
    store.apply({ changed: [viewOf('ready', { folder: 'elsewhere' })], removed: [] });
    assert.equal(store.get('/work#web')?.folder, 'work');
    store.setFolders([{ ...folder, name: 'a/work' }]);
    assert.equal(store.get('/work#web')?.folder, 'a/work');
  });

  it('counts_down_from_the_moment_of_receipt', () => {
    const { clock, store } = setUp();
    store.setFolders([folderOf('work', definitionOf('web'))]);
    store.apply({ changed: [viewOf('ready', { idle: idleOf(30_000) })], removed: [] });
    clock.advance(12_000);
    assert.equal(store.get('/work#web')?.idle?.remainingMs, 18_000);
    clock.advance(60_000);
    assert.equal(store.get('/work#web')?.idle?.remainingMs, 0);
  });

  it('tells_only_what_changed_and_nothing_when_nothing_did', () => {
    const { store, changes } = setUp();
    const folders = [folderOf('work', definitionOf('web'), definitionOf('db'))];
    store.setFolders(folders);
    assert.deepEqual(
      changes.splice(0).map((change) => change.structure),
      [true],
    );
    store.setFolders(folders);
    assert.equal(changes.length, 0);
    store.apply({ changed: [viewOf('ready')], removed: [] });
    assert.deepEqual(
      changes.map((change) => [change.structure, change.changed.map((view) => view.name)]),
      [[false, ['web']]],
    );
  });

  it('falls_back_to_the_file_with_the_reason_when_the_broker_is_lost', () => {
    const { store } = setUp();
    store.setFolders([folderOf('work', definitionOf('web'))]);
    store.apply({ changed: [viewOf('ready', { pid: 7 })], removed: [] });
    store.brokerLost('The broker ended unexpectedly.');
    const [web] = store.views();
    assert.deepEqual(
      [web?.state, web?.pid, web?.lastVerdict],
      ['stopped', undefined, 'The broker ended unexpectedly.'],
    );
    assert.equal(store.isKnownToBroker('/work#web'), false);
  });
});
