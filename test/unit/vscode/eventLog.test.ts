import assert from 'node:assert/strict';
import type { BackendView } from '../../../src/model/snapshot';
import { BackendStore } from '../../../src/vscode/backendStore';
import { EventLog } from '../../../src/vscode/eventLog';
import { viewOf } from '../model/viewOf';
import { definitionOf, folderOf } from './definitions';
import { ManualClock } from './manualClock';

function setUp(): { told: string[]; say: (view: BackendView) => void; log: EventLog } {
  const store = new BackendStore(new ManualClock());
  const told: string[] = [];
  const log = new EventLog(store, { log: (level, message) => told.push(`${level} ${message}`) });
  store.setFolders([folderOf('work', definitionOf('web', { port: 3000 }))]);
  return { told, say: (view) => store.apply({ changed: [view], removed: [] }), log };
}

describe('EventLog', () => {
  it('tells_each_state_once_however_often_the_backend_is_spoken_of', () => {
    const { told, say } = setUp();
    say(viewOf('starting', { stateSince: 1 }));
    say(viewOf('starting', { stateSince: 1, detail: 'connection refused' }));
    say(viewOf('ready', { stateSince: 2, publicPort: 3000, pid: 7 }));
    say(viewOf('ready', { stateSince: 2, publicPort: 3000, pid: 7, lastVerdict: 'kept awake' }));
    assert.deepEqual(told, ['info web: starting', 'info web: ready :3000 · stays awake, process 7']);
  });

  it('tells_the_same_state_again_when_it_came_again', () => {
    const { told, say } = setUp();
    say(viewOf('starting', { stateSince: 1 }));
    say(viewOf('starting', { stateSince: 2 }));
    assert.deepEqual(told, ['info web: starting', 'info web: starting']);
  });

  it('says_nothing_of_what_was_never_started', () => {
    const { told, say } = setUp();
    say(viewOf('stopped', { stateSince: 1 }));
    assert.deepEqual(told, []);
    say(viewOf('starting', { stateSince: 2 }));
    say(viewOf('stopped', { stateSince: 3 }));
    assert.deepEqual(told, ['info web: starting', 'info web: stopped']);
  });

  it('tells_a_failure_as_an_error_with_its_reason_and_waits_for_the_reason', () => {
    const { told, say } = setUp();
    say(viewOf('failed', { stateSince: 1 }));
    assert.deepEqual(told, []);
    const failure = {
      code: 'crashed',
      message: 'It exited with code 2.',
      hint: 'See its log.',
      exitCode: 2,
      logTail: [],
    };
    say(viewOf('failed', { stateSince: 1, failure: { ...failure, code: 'crashed' } }));
    assert.deepEqual(told, ['error web: failed · exit 2. It exited with code 2. See its log.']);
  });

  it('tells_why_a_backend_sleeps', () => {
    const { told, say } = setUp();
    say(viewOf('quiesced', { stateSince: 1, lastVerdict: 'asleep: nobody used it for 30 s' }));
    assert.deepEqual(told, ['info web: asleep: nobody used it for 30 s']);
  });

  it('is_silent_once_disposed', () => {
    const { told, say, log } = setUp();
    log.dispose();
    say(viewOf('ready', { stateSince: 1 }));
    assert.deepEqual(told, []);
  });
});
