import assert from 'node:assert/strict';
import { keepVanished } from '../../../src/config/keepVanished';
import { failsWith } from '../../support/failsWith';
import type { StartOrigin } from '../../../src/protocol/messages';
import type { ProbeOutcome } from '../../../src/platform/net/types';
import { FakeMachine } from './fakeMachine';
import { pass, settle } from './steps';

const server = { command: ['server'], port: 20_000 };
const start = (machine: FakeMachine, origin: StartOrigin = 'person'): Promise<void> =>
  machine.actor.start({ origin, environment: { FROM: 'window' }, trusted: true }).done;

/** Lets the clock run until the promise has settled. */
async function during<T>(machine: FakeMachine, work: Promise<T>): Promise<T> {
  const progress = { settled: false };
  const watched = work.finally(() => {
    progress.settled = true;
  });
  watched.catch(() => {});
  for (let step = 0; step < 500 && !progress.settled; step++) await pass(machine.clock, 10);
  return watched;
}

describe('backend actor', () => {
  it('gives a crash loop three automatic starts in 30 s, then says that the budget is spent', async () => {
    const machine = new FakeMachine({ ...server, restart: 'onFailure' });
    await during(machine, start(machine));
    machine.outcome = { ok: false, saw: 'refused' };
    machine.lastRun.exit({ code: 1 });
    for (let ms = 0; ms < 40_000; ms += 100) {
      await pass(machine.clock, 100, 50);
      const { lastRun } = machine;
      if (machine.record.state === 'starting' && lastRun.exitStatus === undefined) lastRun.exit({ code: 1 });
    }
    assert.equal(machine.runs.length, 1 + 3, 'the start by hand and three restarts');
    assert.equal(machine.record.state, 'failed');
    assert.equal(machine.record.failure?.code, 'budgetExhausted');
    assert.deepEqual(machine.record.failure.logTail, ['the last line']);
    assert.equal(machine.record.restartAtMs, undefined);
    assert.equal(machine.logged.filter((line) => line.includes('started too often')).length, 1, 'one storm, told once');
    machine.outcome = { ok: true, saw: 'answered' };
    await during(machine, start(machine));
    assert.equal(machine.record.state, 'ready', 'a person is not held back');
  });

  it('shows no process of one that crashed once that is gone', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    const shown: (number | undefined)[] = [];
    machine.changed = () => shown.push(machine.record.live?.run.identity.pid);
    machine.lastRun.exit({ code: 1 });
    await pass(machine.clock, 900);
    assert.equal(machine.record.state, 'failed');
    assert.deepEqual([shown[0], shown.at(-1)], [machine.lastRun.identity.pid, undefined]);
  });

  it('takes the end of one that is killed on purpose for no crash', async () => {
    const machine = new FakeMachine({ ...server, restart: 'onFailure' });
    await during(machine, start(machine));
    await machine.actor.kill();
    await pass(machine.clock, 2_000);
    assert.equal(machine.record.state, 'ready');
    await machine.actor.stop('stopped by you');
    assert.equal(machine.record.state, 'stopped');
    assert.equal(machine.runs.length, 1);
  });

  it('restarts with the environment of the window that asked', async () => {
    const machine = new FakeMachine({ ...server, restart: 'onFailure' });
    await during(machine, start(machine));
    machine.lastRun.exit({ code: 1 });
    await pass(machine.clock, 900);
    assert.equal(machine.record.state, 'failed');
    assert.ok(machine.record.restartAtMs !== undefined);
    await pass(machine.clock, 1_000);
    assert.equal(machine.record.state, 'ready');
    assert.deepEqual(machine.environments, [{ FROM: 'window' }, { FROM: 'window' }]);
    assert.equal(machine.record.restartAtMs, undefined);
  });

  it('starts nothing by itself in another folder than the one its cwd led to', async () => {
    const machine = new FakeMachine({ ...server, cwd: 'current' });
    await during(machine, start(machine));
    await during(machine, machine.actor.sleep({ words: 'put to sleep by you', asked: true }));
    machine.realCwd = '/elsewhere';
    await assert.rejects(during(machine, start(machine, 'wake')), /was not woken: its cwd leads to another folder/);
    assert.equal(machine.runs.length, 1);
    await during(machine, start(machine));
    assert.equal(machine.record.state, 'ready', 'a person says yes by starting it');
  });

  it('wakes what is asleep while its file cannot be read, and starts nothing else then', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    await during(machine, machine.actor.sleep({ words: 'put to sleep by you', asked: true }));
    const [unread] = keepVanished([], [machine.record.definition]);
    if (unread === undefined) throw new Error('it was not kept');
    machine.record.definition = unread;
    await during(machine, start(machine, 'wake'));
    assert.equal(machine.record.state, 'ready');
    await machine.actor.stop('stopped by you');
    await assert.rejects(during(machine, start(machine)), /cannot be started: backends.json cannot be read completely/);
  });

  it('runs nothing by itself that was added to its definition since it was started', async () => {
    const machine = new FakeMachine({ ...server, restart: 'onFailure' });
    await during(machine, start(machine));
    const { definition } = machine.record;
    const exec = { kind: 'exec', argv: ['touch', 'x'] } as const;
    machine.record.definition = { ...definition, ready: { ...definition.ready, probes: [exec] } };
    machine.lastRun.exit({ code: 1 });
    await pass(machine.clock, 900);
    await pass(machine.clock, 5_000);
    assert.equal(machine.runs.length, 1);
    assert.equal(machine.record.state, 'failed');
    assert.match(machine.record.failure?.message ?? '', /was not started again: its definition has changed since/);
    assert.equal(machine.record.restartAtMs, undefined);
    await assert.rejects(start(machine, 'wake'), /was not woken: its definition has changed since/);
    await during(machine, start(machine));
    assert.equal(machine.record.state, 'ready', 'a person may');
  });

  it('does not restart what ended cleanly, nor without a policy', async () => {
    for (const [restart, status] of [
      ['onFailure', { code: 0 }],
      ['never', { code: 1 }],
    ] as const) {
      const machine = new FakeMachine({ ...server, restart });
      await during(machine, start(machine));
      machine.lastRun.exit(status);
      await pass(machine.clock, 60_000, 500);
      assert.equal(machine.runs.length, 1, restart);
      assert.equal(machine.record.failure?.code, 'crashed');
    }
  });

  it('a stop while a crash is cleaned up calls off the restart', async () => {
    const machine = new FakeMachine({ ...server, restart: 'onFailure' });
    await during(machine, start(machine));
    machine.lastRun.exit({ code: 1 });
    await settle();
    assert.equal(machine.record.state, 'failed');
    await during(machine, machine.actor.stop('stopped by you'));
    await pass(machine.clock, 60_000, 500);
    assert.equal(machine.runs.length, 1);
    assert.equal(machine.record.state, 'stopped');
  });

  it('one that is forgotten while a crash is cleaned up is never started again', async () => {
    const machine = new FakeMachine({ ...server, restart: 'onFailure' });
    await during(machine, start(machine));
    machine.lastRun.exit({ code: 1 });
    await settle();
    machine.actor.dispose();
    await pass(machine.clock, 60_000, 500);
    assert.equal(machine.runs.length, 1);
    assert.equal(machine.clock.pending, 0);
  });

  it('one that ends by itself while it is drained has crashed, and the sleep says so', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    let look: (because: string | undefined) => void = () => {};
    machine.whyAwake = () => new Promise((resolve) => (look = resolve));
    const asleep = machine.actor.sleep({ words: 'idle', asked: false });
    const refused = assert.rejects(asleep, failsWith('cancelled', /ended by itself/));
    machine.lastRun.exit({ code: 9 });
    await settle();
    look(undefined);
    await refused;
    await pass(machine.clock, 1_000);
    assert.equal(machine.record.state, 'failed');
    assert.equal(machine.record.failure?.code, 'crashed');
    await during(machine, start(machine));
    assert.equal(machine.record.state, 'ready');
  });

  it('one that says nothing of its readiness and ends at once is told why it counted as ready', async () => {
    const hintOf = async (afterMs: number, definition: object, probes: FakeMachine['probes']): Promise<unknown> => {
      const machine = new FakeMachine(definition);
      machine.probes = probes;
      await during(machine, start(machine));
      await pass(machine.clock, afterMs, 500);
      machine.lastRun.exit({ code: 1 });
      await pass(machine.clock, 1_000);
      assert.equal(machine.record.failure?.code, 'crashed');
      return machine.record.failure.hint;
    };
    const silent = { command: 'run' };
    assert.match(String(await hintOf(2_000, silent, [])), /still alive after 0\.3 s/);
    assert.equal(await hintOf(12_000, silent, []), undefined);
    assert.equal(await hintOf(2_000, server, [{ kind: 'tcp' }]), undefined);
    assert.equal(await hintOf(2_000, { ...silent, ready: 'none' }, []), undefined, 'it was asked for');
  });

  it('has been ready all the time when a sleep was called off', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    const readySince = machine.record.stateSinceWallMs;
    await pass(machine.clock, 5_000, 500);
    machine.whyAwake = () => Promise.resolve('somebody is connected');
    await assert.rejects(during(machine, machine.actor.sleep({ words: 'idle', asked: false })));
    assert.equal(machine.record.state, 'ready');
    assert.equal(machine.record.stateSinceWallMs, readySince);
    const times = machine.record.timeline.entries().map(({ at }) => at);
    assert.deepEqual(times, [...times].sort(), 'the timeline tells when it was called off');
    assert.ok((times.at(-1) ?? 0) > readySince);
  });

  it('stays awake when it cannot be told whether it is used', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    machine.whyAwake = () => Promise.reject(new Error('no table'));
    await assert.rejects(
      during(machine, machine.actor.sleep({ words: 'idle', asked: false })),
      failsWith('cancelled', /could not be looked at \(no table\)/),
    );
    assert.equal(machine.record.state, 'ready');
  });

  it('is kept awake by activity before the first signal', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    const asleep = machine.actor.sleep({ words: 'idle', asked: false });
    const refused = assert.rejects(asleep, failsWith('cancelled', /a request came/));
    assert.equal(machine.record.state, 'draining');
    machine.actor.cancelDrain('a request came');
    await refused;
    assert.equal(machine.record.state, 'ready');
    assert.equal(machine.record.lastVerdict, 'kept awake: a request came');
    assert.equal(machine.lastRun.exitStatus, undefined);
  });

  it('a sleep whose process has ended does not end the one that came after it', async () => {
    const machine = new FakeMachine({ ...server, stop: { quiesce: { exec: ['may-sleep'] } } });
    await during(machine, start(machine));
    const answers: ((outcome: ProbeOutcome) => void)[] = [];
    machine.answer = () => new Promise((resolve) => answers.push(resolve));
    const first = machine.actor.sleep({ asked: false, words: 'idle' }).catch((error: unknown) => error);
    for (let step = 0; step < 100 && answers.length === 0; step++) await pass(machine.clock, 10);
    machine.lastRun.exit({ code: 1 });
    for (let step = 0; step < 100 && machine.record.state !== 'failed'; step++) await pass(machine.clock, 10);
    assert.equal(machine.lookSignals.at(-1)?.cancelled, true, 'nobody waits for the answer any more');
    const question = answers.shift();
    machine.answer = () => Promise.resolve(machine.outcome);
    await during(machine, start(machine));
    machine.answer = () => new Promise((resolve) => answers.push(resolve));
    const stops = machine.graces.length;
    const second = machine.actor.sleep({ asked: false, words: 'idle again' });
    assert.equal(machine.record.state, 'draining');
    question?.({ ok: true, saw: 'exit 0' });
    await during(machine, first);
    assert.deepEqual([machine.record.state, machine.graces.length], ['draining', stops], 'the first one ended nothing');
    for (let step = 0; step < 100 && answers.length === 0; step++) await pass(machine.clock, 10);
    answers.shift()?.({ ok: true, saw: 'exit 0' });
    await during(machine, second);
    assert.equal(machine.record.state, 'quiesced');
  });

  it('a start during the soft drain keeps it, with the same process', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    const asleep = machine.actor.sleep({ words: 'idle', asked: false });
    const refused = assert.rejects(asleep, failsWith('cancelled', /it was asked for/));
    await during(machine, start(machine));
    await refused;
    assert.equal(machine.record.state, 'ready');
    assert.equal(machine.runs.length, 1);
  });

  it('names what a stop leaves behind, and does not call it stopped', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    const stat = { pid: 4321, startTime: '5', parentPid: 1, groupId: 1, sessionId: 1, state: 'D' };
    machine.leftovers = [{ ...stat, command: 'stuck' }];
    await assert.rejects(during(machine, machine.actor.stop('stopped by you')), failsWith('permissionDenied', /4321/));
    assert.equal(machine.record.state, 'failed');
    assert.deepEqual(machine.record.failure?.leftovers, [{ pid: 4321, startTime: '5', command: 'stuck' }]);
  });

  it('looks that are in progress when the wait is decided are cut, whatever the decision', async () => {
    const machine = new FakeMachine(server);
    machine.outcome = { ok: false, saw: 'refused' };
    const started = start(machine);
    started.catch(() => {});
    await pass(machine.clock, 100);
    assert.deepEqual([...new Set(machine.lookSignals.map((signal) => signal.cancelled))], [false]);
    await during(machine, machine.actor.cancelStart());
    assert.deepEqual([...new Set(machine.lookSignals.map((signal) => signal.cancelled))], [true]);
    machine.outcome = { ok: true, saw: 'answered' };
    await during(machine, start(machine));
    assert.equal(machine.lookSignals.at(-1)?.cancelled, true);
  });

  it('a cancelled start that leaves something behind is not called stopped either', async () => {
    const machine = new FakeMachine(server);
    machine.outcome = { ok: false, saw: 'refused' };
    const started = start(machine);
    started.catch(() => {});
    await pass(machine.clock, 100);
    const stat = { pid: 4321, startTime: '5', parentPid: 1, groupId: 1, sessionId: 1, state: 'D' };
    machine.leftovers = [{ ...stat, command: 'stuck' }];
    await during(machine, machine.actor.cancelStart());
    assert.equal(machine.record.state, 'failed');
    assert.deepEqual(machine.record.failure?.leftovers, [{ pid: 4321, startTime: '5', command: 'stuck' }]);
  });

  it('follows the transition table from start to sleep to stop', async () => {
    const machine = new FakeMachine(server);
    await during(machine, start(machine));
    await during(machine, machine.actor.sleep({ words: 'idle', asked: false }));
    await during(machine, start(machine));
    await during(machine, machine.actor.stop('stopped by you'));
    assert.deepEqual(machine.states, [
      'starting',
      'ready',
      'draining',
      'quiesced',
      'starting',
      'ready',
      'stopping',
      'stopped',
    ]);
    assert.equal(machine.clock.pending, 0);
  });

  describe('with processes that would not end', () => {
    const info = { pid: 7, startTime: '1', parentPid: 1, groupId: 7, sessionId: 7, state: 'D', command: 'stuck' };
    const stuck = async (): Promise<FakeMachine> => {
      const machine = new FakeMachine(server);
      await during(machine, start(machine));
      machine.leftovers = [info];
      await assert.rejects(during(machine, machine.actor.stop('by the test')), failsWith('permissionDenied'));
      assert.deepEqual(machine.record.failure?.leftovers, [{ pid: 7, startTime: '1', command: 'stuck' }]);
      return machine;
    };

    it('is stopped when a person ignores them, and keeps their names in the timeline', async () => {
      const machine = await stuck();
      machine.actor.ignoreLeftovers();
      assert.equal(machine.record.state, 'stopped');
      assert.equal(machine.record.live, undefined);
      assert.match(machine.record.timeline.entries().at(-1)?.cause ?? '', /left running, as you said: 7 \(stuck\)/);
      assert.throws(() => machine.actor.ignoreLeftovers(), failsWith('cancelled'));
    });

    it('kills them without a grace when asked to', async () => {
      const machine = await stuck();
      machine.leftovers = [];
      await machine.actor.kill();
      await during(machine, machine.actor.stop('killed'));
      assert.equal(machine.graces.at(-2), 0);
      assert.equal(machine.record.state, 'stopped');
    });
  });
});
