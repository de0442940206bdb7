import assert from 'node:assert/strict';
import { toDisposable } from '../../../src/base/lifecycle';
import type { BackendView } from '../../../src/model/snapshot';
import { BackendFailure } from '../../../src/protocol/backendFailure';
import { BackendActions, type ActionLink } from '../../../src/vscode/backendActions';
import { BackendStore } from '../../../src/vscode/backendStore';
import { idleOf, viewOf } from '../model/viewOf';
import { definitionOf, folderOf } from './definitions';
import { ManualClock } from './manualClock';

const key = '/work#web';

/** A link that notes every request and answers with what the test says. */
function setUp(answer: unknown = viewOf('ready', { pid: 7 })): {
  store: BackendStore;
  actions: BackendActions;
  asked: string[];
  /** What a broker that another window started says once it is connected. */
  elsewhere: BackendView[];
  refreshes: () => number;
} {
  const store = new BackendStore(new ManualClock());
  store.setFolders([folderOf('work', definitionOf('web'), definitionOf('bad', { problem: 'no command' }))]);
  const asked: string[] = [];
  const elsewhere: BackendView[] = [];
  let refreshes = 0;
  const link: ActionLink = {
    connectExisting: () => {
      for (const view of elsewhere.splice(0)) store.apply({ changed: [view], removed: [] });
      return Promise.resolve(true);
    },
    hold: () => toDisposable(() => {}),
    request: <R>(type: { readonly method: string }) => {
      asked.push(type.method);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as R);
    },
  };
  const refreshConfig = (): Promise<void> => {
    refreshes++;
    return Promise.resolve();
  };
  const actions = new BackendActions({ link, store, refreshConfig, environment: () => ({}) });
  return { store, actions, asked, elsewhere, refreshes: () => refreshes };
}

describe('BackendActions', () => {
  it('offers_another_port_only_where_the_definition_says_where_it_goes', () => {
    const { store, actions } = setUp();
    const can = (differences: object): boolean => {
      store.setFolders([folderOf('work', definitionOf('web', differences))]);
      return actions.canTakeAnotherPort(viewOf('failed'));
    };
    assert.equal(can({ port: 3000, command: 'serve --port ${port}' }), true);
    assert.equal(can({ port: 3000, command: ['serve'], env: { WHERE: ':${port}' } }), true);
    assert.equal(can({ port: 3000, command: 'serve' }), false);
    assert.equal(can({ command: 'serve ${port}' }), false);
  });

  it('lists_and_stops_what_runs_in_folders_of_other_windows', async () => {
    const elsewhere = { ...viewOf('ready'), key: '/other#api', folderPath: '/other' };
    const { store, actions, asked } = setUp([elsewhere]);
    assert.deepEqual(await actions.everywhere(), [elsewhere]);
    await actions.stopAnywhere('/other#api', 'stopped from the list');
    assert.deepEqual(asked, ['runningEverywhere', 'stop']);
    assert.equal(store.get('/other#api'), undefined, 'it does not become a row of this window');
  });

  it('shows_the_outcome_in_the_store_when_a_promise_settles', async () => {
    const { store, actions, refreshes } = setUp();
    await actions.start(key, 'api');
    assert.deepEqual([store.get(key)?.state, store.get(key)?.pid], ['ready', 7]);
    assert.equal(refreshes(), 1);
  });

  it('refuses_what_cannot_work_without_asking_the_broker', async () => {
    const { store, actions, asked } = setUp();
    await assert.rejects(actions.start('/work#bad', 'person'), { code: 'invalidConfig' });
    store.setFolders([{ ...folderOf('work', definitionOf('web')), trusted: false }]);
    await assert.rejects(actions.start(key, 'person'), { code: 'untrusted' });
    await assert.rejects(actions.restart(key, 'api'), { code: 'untrusted' });
    assert.deepEqual(asked, []);
  });

  it('starts_no_broker_to_stop_what_no_broker_knows', async () => {
    const { actions, asked } = setUp();
    assert.equal((await actions.stop(key, 'test')).state, 'stopped');
    await actions.markActivity(key);
    assert.deepEqual(await actions.processTree(key), { pids: [] });
    assert.deepEqual(asked, []);
  });

  it('stops_what_a_broker_runs_that_another_window_has_started', async () => {
    const { actions, asked, elsewhere } = setUp(viewOf('stopped'));
    elsewhere.push(viewOf('ready', { pid: 7 }));
    assert.equal((await actions.stop(key, 'test')).state, 'stopped');
    assert.deepEqual(asked, ['stop']);
  });

  it('starts_no_broker_to_put_to_sleep_or_keep_awake_what_does_not_run', async () => {
    const { actions, asked } = setUp();
    await assert.rejects(actions.sleepNow(key), { code: 'cancelled' });
    await assert.rejects(actions.keepAwake(key, 1_000), { code: 'cancelled' });
    assert.equal((await actions.releaseKeepAwake(key)).state, 'stopped');
    assert.deepEqual(asked, []);
  });

  it('passes_on_the_failure_of_a_request', async () => {
    const { actions } = setUp(BackendFailure.of('portTaken', 'taken'));
    await assert.rejects(actions.start(key, 'api'), { code: 'portTaken', message: 'taken' });
  });

  it('reads_the_files_again_before_a_name_is_called_unknown', async () => {
    const { actions, refreshes } = setUp();
    assert.equal((await actions.resolve('web')).key, key);
    assert.equal(refreshes(), 0);
    await assert.rejects(actions.resolve('nobody'), { code: 'unknownBackend' });
    assert.equal(refreshes(), 1);
  });

  it('starts_the_countdown_again_when_activity_was_marked', async () => {
    const { store, actions } = setUp();
    store.apply({ changed: [viewOf('ready', { idle: idleOf(12_000) })], removed: [] });
    await actions.markActivity(key);
    assert.equal(store.get(key)?.idle?.remainingMs, 30_000);
  });
});
