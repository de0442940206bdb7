import assert from 'node:assert/strict';
import { FakeMachine } from './fakeMachine';
import { pass, settle } from './steps';

const server = { command: ['server'], port: 20_000 };
const begin = (machine: FakeMachine): Promise<void> => {
  const { done } = machine.actor.start({ origin: 'person', environment: {}, trusted: true });
  done.catch(() => {});
  return done;
};

describe('what is known of a start', () => {
  it('is a look as soon as something happens to the unix socket that is probed, and no watch after it', async () => {
    const machine = new FakeMachine(server);
    machine.probes = [{ kind: 'unix', path: '/folder/api.sock' }];
    machine.outcome = { ok: false, saw: 'no such socket' };
    const done = begin(machine);
    await pass(machine.clock, 400);
    const before = machine.record.start.probesMade;
    machine.watchedNames.get('/folder/api.sock')?.();
    machine.outcome = { ok: true, saw: 'connected' };
    await pass(machine.clock, 5);
    await done;
    assert.equal(machine.record.start.lastProbe?.reason, 'something happened to its socket');
    assert.ok(machine.record.start.probesMade > before);
    assert.equal(machine.watchedNames.size, 0);
    assert.equal(machine.clock.pending, 0);
  });

  it('is one extra look when it is usually ready, beside the schedule', async () => {
    const machine = new FakeMachine(server);
    machine.outcome = { ok: false, saw: 'refused' };
    machine.expectation = { typicalMs: 500, probeAtMs: 400, notBeforeMs: 240 };
    const done = begin(machine);
    await pass(machine.clock, 390);
    machine.outcome = { ok: true, saw: 'answered' };
    await pass(machine.clock, 20);
    await done;
    const probes = machine.record.probes.entries();
    assert.deepEqual(
      probes.map(({ attempt, elapsedMs, reason }) => [attempt, elapsedMs, reason]),
      [
        [0, 0, 'start'],
        [1, 50, 'schedule 50 ms'],
        [2, 150, 'schedule 100 ms'],
        [3, 350, 'schedule 200 ms'],
        [undefined, 400, 'usually ready about now'],
      ],
    );
    assert.deepEqual(machine.recorded, ['ready 400']);
    assert.equal(machine.record.start.probesMade, 5);
    assert.equal(machine.record.start.lastProbe?.saw, 'answered');
    assert.equal(machine.record.start.readyAfterMs, 400);
    assert.equal(machine.clock.pending, 0, 'no timer is left');
  });

  it('needs no look of its own when it is ready before', async () => {
    const machine = new FakeMachine(server);
    machine.expectation = { typicalMs: 500, probeAtMs: 400, notBeforeMs: 240 };
    await begin(machine);
    assert.equal(machine.record.start.probesMade, 1);
    assert.equal(machine.clock.pending, 0);
  });

  it('remembers how long a failed start took, and nothing of one that was cancelled', async () => {
    const machine = new FakeMachine(server);
    machine.outcome = { ok: false, saw: 'refused' };
    begin(machine).catch(() => {});
    await pass(machine.clock, 100);
    machine.lastRun.exit({ code: 1 });
    await pass(machine.clock, 500);
    assert.deepEqual(machine.recorded, ['failed 100']);
    begin(machine).catch(() => {});
    await pass(machine.clock, 100);
    const cancelled = machine.actor.cancelStart();
    await settle();
    await pass(machine.clock, 100);
    await cancelled;
    assert.deepEqual(machine.recorded, ['failed 100']);
  });

  it('holds a slot until it is ready', async () => {
    const machine = new FakeMachine(server);
    machine.outcome = { ok: false, saw: 'refused' };
    const done = begin(machine);
    await pass(machine.clock, 1_000, 100);
    assert.equal(machine.slotsLent, 1);
    machine.outcome = { ok: true, saw: 'answered' };
    await pass(machine.clock, 3_000, 100);
    await done;
    assert.equal(machine.slotsLent, 0);
    assert.equal(machine.clock.pending, 0);
  });

  it('begins anew with the next start', async () => {
    const machine = new FakeMachine(server);
    await begin(machine);
    machine.record.addWait({ waitedMs: 10 });
    const stopped = machine.actor.stop('test');
    await pass(machine.clock, 200);
    await stopped;
    await begin(machine);
    assert.deepEqual(machine.record.start.waits, []);
    assert.equal(machine.record.start.probesMade, 1);
  });

  it('is another matter for another command or another readiness, not for another idle timeout', () => {
    const idOf = (definition: object): string => new FakeMachine(definition).record.startId;
    assert.equal(idOf({ ...server, idleTimeout: '1s', dependsOn: [] }), idOf(server));
    assert.notEqual(idOf({ ...server, command: ['other'] }), idOf(server));
    assert.notEqual(idOf({ ...server, ready: { http: '/health' } }), idOf(server));
    assert.match(idOf(server), /^[0-9a-f]{16}$/);
  });
});
