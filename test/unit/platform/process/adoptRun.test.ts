import assert from 'node:assert/strict';
import { adoptRun } from '../../../../src/platform/process/adoptRun';
import type { ProcTable } from '../../../../src/platform/process/procTable';
import type { ProcessStat } from '../../../../src/platform/process/types';
import { pass } from '../../broker/steps';
import { ManualClock } from '../../vscode/manualClock';

const machine = { bootId: 'boot', pidNamespace: 'ns' };
const alive: ProcessStat = { pid: 100, parentPid: 1, groupId: 100, sessionId: 100, state: 'S', startTime: '7' };

describe('an adopted run', () => {
  it('is_over_when_its_process_is_gone_and_not_when_it_cannot_be_looked_at', async () => {
    const clock = new ManualClock();
    let look: () => ProcessStat | undefined = () => alive;
    const table: ProcTable = {
      machine: () => machine,
      statOf: () => look(),
      commandOf: () => '',
      wholeCommandOf: () => '',
      stats: () => Promise.resolve([]),
      markers: () => Promise.resolve(new Map()),
    };
    const identity = { pid: 100, startTime: '7', ...machine };
    const run = adoptRun({ marker: 'a'.repeat(32), identity, keep: [] }, clock, table);
    await pass(clock, 1_000, 250);
    look = () => {
      throw new Error('too many open files');
    };
    await pass(clock, 1_000, 250);
    assert.equal(run.exitStatus, undefined);
    look = () => alive;
    await pass(clock, 1_000, 250);
    assert.equal(run.exitStatus, undefined);
    look = () => undefined;
    await pass(clock, 250);
    assert.deepEqual(run.exitStatus, {});
    await run.exited;
  });
});
