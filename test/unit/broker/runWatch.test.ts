import assert from 'node:assert/strict';
import { RunWatch } from '../../../src/broker/runWatch';
import type { ExitStatus, ProcessInfo } from '../../../src/platform/process/types';
import { ManualClock } from '../vscode/manualClock';
import { FakeRun } from './fakeMachine';
import { pass, settle } from './steps';

const daemon: ProcessInfo = {
  ...{ pid: 4321, startTime: '5', parentPid: 1, groupId: 1, sessionId: 1, state: 'S', command: 'daemon' },
};

describe('the watch of a run', () => {
  let clock: ManualClock;
  let run: FakeRun;
  let looks: number;
  let family: () => Promise<readonly ProcessInfo[]>;
  let ends: ExitStatus[];
  let watch: RunWatch;
  beforeEach(() => {
    clock = new ManualClock();
    run = new FakeRun(100);
    looks = 0;
    ends = [];
    family = () => Promise.resolve([]);
    const processes = {
      family: () => {
        looks++;
        return family();
      },
    };
    watch = new RunWatch(run, processes, clock, (status) => ends.push(status));
  });

  it('tells at once of a leader that failed', async () => {
    run.exit({ code: 3 });
    await settle();
    assert.deepEqual(ends, [{ code: 3 }]);
    assert.equal(looks, 0);
  });

  it('looks for a daemon before it tells of a leader that exited with 0', async () => {
    run.exit({ code: 0 });
    await pass(clock, 250);
    assert.deepEqual(ends, []);
    assert.equal(watch.certainlyAlive, false);
    await pass(clock, 20);
    assert.deepEqual(ends, [{ code: 0 }]);
  });

  it('watches a daemon for as long as it carries on', async () => {
    family = () => Promise.resolve([daemon]);
    run.exit({ code: 0 });
    await pass(clock, 5_000, 100);
    assert.deepEqual(ends, []);
    assert.equal(watch.certainlyAlive, true);
    family = () => Promise.resolve([]);
    await pass(clock, 500);
    assert.deepEqual(ends, [{ code: 0 }]);
  });

  it('looks again after a look that failed, and takes it for no end', async () => {
    family = () => Promise.reject(new Error('too many open files'));
    run.exit({ code: 0 });
    await pass(clock, 5_000, 100);
    assert.deepEqual(ends, []);
    assert.ok(looks >= 9, `${looks} looks`);
    family = () => Promise.resolve([]);
    await pass(clock, 500, 100);
    assert.deepEqual(ends, [{ code: 0 }]);
  });

  it('sets no timer after its end, whatever the last look brings', async () => {
    let fail: (error: Error) => void = () => {};
    family = () => new Promise((_, reject) => (fail = reject));
    run.exit({ code: 0 });
    await pass(clock, 50);
    watch.dispose();
    fail(new Error('late'));
    await settle();
    assert.equal(clock.pending, 0);
  });
});
