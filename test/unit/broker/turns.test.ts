import assert from 'node:assert/strict';
import { CpuSensor } from '../../../src/activity/cpuSensor';
import { neverCancelled } from '../../../src/base/cancellation';
import type { Disposable } from '../../../src/base/lifecycle';
import { BackendRecord } from '../../../src/broker/backendRecord';
import { Turns } from '../../../src/broker/turns';
import { parseBackendsFile } from '../../../src/config/parse';
import { FakeMachine } from './fakeMachine';
import { pass, settle } from './steps';

const names = ['api', 'quick', 'other'] as const;

describe('the turns of starts', () => {
  let machine: FakeMachine;
  let turns: Turns;
  let cpuMs: number;
  let granted: string[];
  let behind: string[];
  let records: readonly BackendRecord[];

  beforeEach(() => {
    machine = new FakeMachine({ command: 'run', port: 3000 });
    machine.outcome = { ok: false, saw: 'refused' };
    const member = { parentPid: 1, groupId: 7, sessionId: 7, state: 'S' };
    machine.familyOf = () => [{ pid: 7, startTime: '1', ...member, command: 'run' }];
    cpuMs = 0;
    granted = [];
    behind = [];
    const file = { backends: { quick: { command: 'run' }, other: { command: 'run' } } };
    const { backends } = parseBackendsFile(JSON.stringify(file), { folderPath: '/folder' });
    const folder = { path: '/folder', name: 'folder' };
    const others = backends.map((backend) => new BackendRecord(folder, backend, machine.clock, () => {}));
    records = [machine.record, ...others];
    const cpu = new CpuSensor(() => Promise.resolve(cpuMs));
    turns = new Turns({ ...machine.ports(), cpu, recordsOf: () => records });
    turns.setLimit(1);
  });

  const take = async (index: number): Promise<Disposable | undefined> => {
    const record = records[index];
    assert.ok(record);
    const slot = await turns.take(record, neverCancelled, (holders) =>
      behind.push(`${names[index]}: ${holders.join()}`),
    );
    granted.push(record.definition.name);
    return slot;
  };

  /** Time in which its processes work for `share` of it. */
  const live = async (ms: number, share: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 100) {
      cpuMs += 100 * share;
      await pass(machine.clock, 100, 100);
    }
  };

  /** Has the only turn, and a process that does not become ready. */
  const startFirst = async (): Promise<void> => {
    await take(0);
    const { done } = machine.actor.start({ origin: 'person', environment: {}, trusted: true });
    done.catch(() => {});
    await settle();
    assert.ok(machine.record.running);
  };

  it('are_given_on_by_a_start_that_only_waits_itself', async () => {
    await startFirst();
    void take(1);
    await settle();
    assert.deepEqual(granted, ['api']);
    assert.deepEqual(behind, ['quick: api']);
    await live(2_500, 0.01);
    assert.deepEqual(granted, ['api', 'quick']);
  });

  it('are_kept_by_a_start_that_works_until_it_has_lasted_too_long', async () => {
    await startFirst();
    void take(1);
    await live(9_000, 0.5);
    assert.deepEqual(granted, ['api']);
    await live(1_500, 0.5);
    assert.deepEqual(granted, ['api', 'quick']);
  });

  it('are_kept_for_as_long_as_such_a_start_usually_takes', async () => {
    machine.expectation = { typicalMs: 12_000, notBeforeMs: 7_200 };
    await startFirst();
    void take(1);
    await live(11_900, 0.5);
    assert.deepEqual(granted, ['api']);
    await live(200, 0.5);
    assert.deepEqual(granted, ['api', 'quick']);
  });

  it('are_not_given_on_while_nobody_wants_them_nor_for_a_single_quiet_moment', async () => {
    await startFirst();
    await live(5_000, 0);
    void take(1);
    await live(700, 0);
    await live(600, 1);
    await live(700, 0);
    assert.deepEqual(granted, ['api']);
  });

  it('given_back_early_are_one_turn_when_the_start_is_over', async () => {
    await take(0);
    const slot = await Promise.race([take(1), settle()]);
    assert.equal(slot, undefined);
    void take(2);
    await live(10_100, 0);
    assert.deepEqual(granted, ['api', 'quick']);
    assert.deepEqual(behind.at(-1), 'other: quick');
  });
});
