import assert from 'node:assert/strict';
import type { BackendState } from '../../../src/model/backendState';
import { Revival } from '../../../src/protocol/revival';
import { viewOf } from '../model/viewOf';
import { ManualClock } from '../vscode/manualClock';

describe('Revival', () => {
  const knowing = (state: BackendState, pid?: number): { revival: Revival; clock: ManualClock } => {
    const clock = new ManualClock();
    const revival = new Revival(clock);
    revival.note({ changed: [viewOf(state, pid === undefined ? {} : { pid })], removed: [] });
    return { revival, clock };
  };

  it('starts_a_new_broker_only_where_something_was_up_or_asleep', () => {
    const worth = { starting: true, ready: true, draining: true, quiesced: true, waiting: true, stopping: true };
    for (const state of ['stopped', 'failed', ...Object.keys(worth)] as BackendState[]) {
      assert.equal(knowing(state).revival.begin(), state in worth, state);
    }
    assert.equal(knowing('failed', 5).revival.begin(), true, 'a process is left of it');
    assert.equal(new Revival(new ManualClock()).begin(), false);
  });

  it('forgets_what_is_no_longer_declared_and_names_what_is_missing', () => {
    const { revival } = knowing('ready');
    assert.deepEqual(revival.missing([]), ['/work#web']);
    assert.deepEqual(revival.missing([viewOf('stopped')]), []);
    revival.note({ changed: [], removed: ['/work#web'] });
    assert.deepEqual(revival.missing([]), []);
    assert.equal(revival.begin(), false);
  });

  it('gives_up_after_three_in_a_minute', () => {
    const { revival, clock } = knowing('ready');
    assert.deepEqual([revival.begin(), revival.begin(), revival.begin(), revival.begin()], [true, true, true, false]);
    clock.advance(59_999);
    assert.equal(revival.begin(), false);
    clock.advance(1);
    assert.equal(revival.begin(), true);
  });
});
