import assert from 'node:assert/strict';
import type { Failure } from '../../../src/model/failure';
import type { BackendView } from '../../../src/model/snapshot';
import { BackendStore } from '../../../src/vscode/backendStore';
import { hardlyUpMs } from '../../../src/model/failure';
import { EarlyEnds } from '../../../src/vscode/earlyEnds';
import { viewOf } from '../model/viewOf';
import { definitionOf, folderOf } from './definitions';
import { ManualClock } from './manualClock';

const failure: Failure = { code: 'crashed', message: 'It exited with code 1.', exitCode: 1, logTail: [] };

describe('what ends a moment after it was ready', () => {
  let clock: ManualClock;
  let store: BackendStore;
  let ends: EarlyEnds;
  let told: string[];

  beforeEach(() => {
    clock = new ManualClock();
    store = new BackendStore(clock);
    store.setFolders([folderOf('work', definitionOf('web'), definitionOf('db'))]);
    told = [];
    ends = new EarlyEnds(store, clock, (failed) => told.push(failed.map(({ view }) => view?.name).join(' and ')));
  });

  const say = (name: string, state: BackendView['state'], more: Partial<BackendView> = {}): void =>
    store.apply({ changed: [viewOf(state, { key: `/work#${name}`, name, ...more })], removed: [] });

  const start = (name: string): void => {
    say(name, 'ready');
    ends.watch(`/work#${name}`);
  };

  it('is_told_once_and_those_that_end_together_in_one_message', () => {
    start('web');
    start('db');
    clock.advance(2_000);
    say('web', 'failed');
    say('web', 'failed', { failure });
    clock.advance(200);
    say('db', 'failed', { failure });
    say('web', 'failed', { failure: { ...failure, logTail: ['last line'] } });
    clock.advance(1_000);
    assert.deepEqual(told, ['web and db']);
  });

  it('is_told_when_it_has_ended_before_anybody_could_look', () => {
    say('web', 'failed', { failure });
    ends.watch('/work#web');
    clock.advance(1_000);
    assert.deepEqual(told, ['web']);
  });

  it('is_no_news_later_or_when_it_was_stopped_or_when_it_is_started_again_by_itself', () => {
    start('web');
    clock.advance(hardlyUpMs);
    say('web', 'failed', { failure });
    start('db');
    say('db', 'stopping');
    say('db', 'failed', { failure });
    clock.advance(1_000);
    assert.deepEqual(told, []);
    start('web');
    say('web', 'failed', { failure });
    say('web', 'failed', { failure, restartInMs: 1_000 });
    clock.advance(1_000);
    assert.deepEqual(told, []);
  });

  it('leaves_no_timer_behind', () => {
    start('web');
    start('db');
    say('web', 'failed', { failure });
    ends.dispose();
    assert.equal(clock.pending, 0);
    say('db', 'failed', { failure });
    assert.deepEqual(told, []);
  });
});
