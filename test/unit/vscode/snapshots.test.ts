import assert from 'node:assert/strict';
import type { SpawnWaitView } from '../../../src/model/snapshot';
import { changeSignature, toSnapshot } from '../../../src/vscode/snapshots';
import { idleOf, viewOf } from '../model/viewOf';

const wait = (attempt: number, elapsedMs: number): SpawnWaitView => {
  return { attempt, elapsedMs, nextProbeInMs: 100, hardCeilingMs: 60_000 };
};

describe('changeSignature', () => {
  it('stays_the_same_while_only_clocks_run', () => {
    const at = (remainingMs: number): string => changeSignature(viewOf('ready', { idle: idleOf(remainingMs) }));
    assert.equal(at(30_000), at(12));
    const starting = (elapsedMs: number): string =>
      changeSignature(viewOf('starting', { spawnWait: wait(2, elapsedMs) }));
    assert.equal(starting(10), starting(900));
    const busy = (reason: string): string =>
      changeSignature(viewOf('ready', { idle: idleOf(30_000, { kind: 'cpu', reason }) }));
    assert.equal(busy('uses 11 % of a core'), busy('uses 94 % of a core'));
  });

  it('differs_with_every_fact_a_listener_could_act_on', () => {
    const base = viewOf('ready', { pid: 1, idle: idleOf(30_000) });
    const others = [
      { ...base, pid: 2 },
      { ...base, state: 'draining' as const },
      { ...base, idle: idleOf(30_000, { kind: 'api', reason: 'held' }) },
      { ...base, lastVerdict: 'kept awake' },
      { ...base, failure: { code: 'crashed' as const, message: 'gone', logTail: [] } },
    ];
    const signatures = new Set([base, ...others].map(changeSignature));
    assert.equal(signatures.size, others.length + 1);
  });
});

describe('toSnapshot', () => {
  it('passes_on_the_promised_fields_and_no_others', () => {
    const view = viewOf('ready', {
      pid: 7,
      publicPort: 3000,
      typicalReadyMs: 5,
      detail: 'x',
      keepAwakeUntil: 'forever',
    });
    assert.deepEqual(Object.keys(toSnapshot(view)).sort(), [
      'folder',
      'key',
      'name',
      'pid',
      'publicPort',
      'state',
      'stateSince',
    ]);
  });
});
