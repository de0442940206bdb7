import assert from 'node:assert/strict';
import { LeashKeeper } from '../../../src/broker/leashKeeper';
import type { Leash } from '../../../src/platform/process/leash';
import type { LeashedRun, LeashOrder } from '../../../src/platform/process/leashOrders';
import { ManualClock } from '../vscode/manualClock';
import { pass, settle } from './steps';

class FakeLeash implements Leash {
  readonly exited: Promise<void>;
  readonly told: string[] = [];
  end: () => void = () => {};
  state: 'holding' | 'released' | 'discarded' = 'holding';

  constructor(
    readonly pid: number,
    private readonly answer: (order: LeashOrder) => Promise<void>,
  ) {
    this.exited = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async send(order: LeashOrder): Promise<void> {
    await this.answer(order);
    this.told.push(
      order.kind === 'run'
        ? `run ${order.run.marker}`
        : order.kind === 'end'
          ? `end ${order.marker}`
          : `hold ${order.holdMs}`,
    );
  }

  release(): void {
    this.state = 'released';
  }

  discard(): void {
    this.state = 'discarded';
    this.end();
  }
}

const run = (marker: string): LeashedRun => ({ marker, leader: undefined, signal: 'SIGTERM', graceMs: 0 });

interface SetUp {
  readonly clock: ManualClock;
  readonly leashes: FakeLeash[];
  readonly logged: string[];
  readonly machine: { answer: (order: LeashOrder) => Promise<void>; refuses: boolean };
  readonly keeper: LeashKeeper;
}

describe('LeashKeeper', () => {
  const setUp = (answer: (order: LeashOrder) => Promise<void> = () => Promise.resolve()): SetUp => {
    const clock = new ManualClock();
    const leashes: FakeLeash[] = [];
    const logged: string[] = [];
    const machine = { answer, refuses: false };
    const start = (): Promise<Leash> => {
      if (machine.refuses) return Promise.reject(new Error('no more processes'));
      const leash = new FakeLeash(100 + leashes.length, (order) => machine.answer(order));
      leashes.push(leash);
      return Promise.resolve(leash);
    };
    const keeper = new LeashKeeper(start, clock, { log: (_level, message) => void logged.push(message) });
    return { clock, leashes, logged, machine, keeper };
  };

  it('starts_none_before_there_is_something_to_hold_and_one_for_all', async () => {
    const { keeper, leashes } = setUp();
    keeper.setHold(5_000);
    assert.equal(leashes.length, 0);
    await Promise.all([keeper.hold(run('a')), keeper.hold(run('b'))]);
    keeper.letGo('a');
    keeper.letGo('never held');
    await settle();
    assert.equal(leashes.length, 1);
    assert.deepEqual(leashes[0]?.told.slice(0, 1), ['hold 5000']);
    assert.deepEqual(new Set(leashes[0].told.slice(1)), new Set(['run a', 'run b', 'end a']));
  });

  it('tells_another_one_everything_when_it_has_ended', async () => {
    const { keeper, leashes, clock } = setUp();
    await keeper.hold(run('a'));
    await keeper.hold(run('b'));
    keeper.letGo('a');
    await pass(clock, 1_001);
    leashes[0]?.end();
    await settle();
    assert.deepEqual(leashes[1]?.told, ['hold 0', 'run b']);
  });

  it('tells_at_once_of_what_ends_in_a_moment_and_waits_for_nothing', async () => {
    const { keeper, leashes, machine } = setUp();
    await keeper.hold(run('a'));
    const asked: string[] = [];
    machine.answer = (order) => {
      asked.push(order.kind);
      return new Promise(() => {});
    };
    keeper.holdAtOnce(run('b'));
    keeper.letGo('b');
    assert.deepEqual(asked, ['run', 'end']);
    await settle();
    assert.equal(leashes.length, 1);
  });

  it('tells_one_that_is_only_coming_of_what_ends_in_a_moment', async () => {
    const { keeper, leashes } = setUp();
    const held = keeper.hold(run('a'));
    keeper.holdAtOnce(run('b'));
    await held;
    assert.deepEqual(new Set(leashes[0]?.told), new Set(['hold 0', 'run a', 'run b']));
  });

  it('lets_one_rest_that_ended_as_soon_as_it_was_ready', async () => {
    const { keeper, leashes, clock } = setUp();
    await keeper.hold(run('a'));
    leashes[0]?.end();
    await pass(clock, 999);
    assert.equal(leashes.length, 1);
    await pass(clock, 1);
    assert.equal(leashes.length, 2);
  });

  it('leaves_none_beside_its_successor_that_did_not_answer_in_the_beginning', async () => {
    const silent = setUp(() => Promise.reject(new Error('the leash does not answer')));
    await silent.keeper.hold(run('a'));
    assert.equal(silent.leashes[0]?.state, 'discarded');
    assert.equal(silent.logged.length, 1);
    assert.match(silent.logged[0] ?? '', /no guard for them \(the leash does not answer\)/);
    silent.machine.answer = () => Promise.resolve();
    await pass(silent.clock, 1_000);
    assert.deepEqual(
      silent.leashes.map(({ state }) => state),
      ['discarded', 'holding'],
    );
    assert.deepEqual(silent.leashes[1]?.told, ['hold 0', 'run a']);
    await silent.keeper.hold(run('b'));
    assert.equal(silent.leashes.length, 2);
  });

  it('tries_again_ever_more_seldom_for_one_that_cannot_be_started_and_not_when_nothing_is_held', async () => {
    const { keeper, leashes, machine, clock, logged } = setUp();
    machine.refuses = true;
    await keeper.hold(run('a'));
    assert.equal(logged.length, 1);
    await pass(clock, 1_000 + 2_000 + 4_000 - 1, 500);
    machine.refuses = false;
    await pass(clock, 1);
    assert.deepEqual(leashes[0]?.told, ['hold 0', 'run a']);
    assert.equal(logged.length, 1, 'said once');
    keeper.letGo('a');
    leashes[0].end();
    machine.refuses = true;
    await pass(clock, 120_000, 1_000);
    assert.equal(clock.pending, 0);
  });

  it('lets_go_of_it_and_starts_no_other_when_it_is_disposed', async () => {
    const { keeper, leashes, clock } = setUp();
    await keeper.hold(run('a'));
    keeper.dispose();
    assert.equal(leashes[0]?.state, 'released');
    leashes[0].end();
    await pass(clock, 2_000, 500);
    assert.equal(leashes.length, 1);
    assert.equal(clock.pending, 0);
  });
});
