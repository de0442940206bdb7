import assert from 'node:assert/strict';
import { adoptedFrom, type Adopted } from '../../../src/broker/adoption';
import { whatRunsHash } from '../../../src/broker/launchFacts';
import type { LaunchFacts } from '../../../src/broker/ledgerEntry';
import { FakeMachine, FakeRun } from './fakeMachine';
import { pass, settle } from './steps';

const refused = { ok: false, saw: 'connection refused' };

interface Left {
  readonly facts?: Partial<LaunchFacts>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly run?: FakeRun;
  readonly ready?: boolean;
  readonly group?: string;
}

/** What an earlier broker left ready, as this one takes it over. */
function adopted(
  machine: FakeMachine,
  { facts, environment = {}, run = new FakeRun(50), ready = true, group }: Left = {},
): Adopted {
  const { pid, startTime, ...identity } = run.identity;
  const entry = {
    marker: run.marker,
    key: machine.record.key,
    machine: identity,
    leader: { pid, startTime },
    stop: { signal: 'SIGTERM', graceMs: 1_000 },
    launch: { cwd: '/folder', fingerprint: 'f', ownNames: [], logOffset: 0, port: 20_000, ...facts },
    startedAtMs: 1,
    ...(group !== undefined && { group }),
    ...(ready && { ready: { atMs: 2, afterMs: 1 } }),
  };
  return adoptedFrom({ entry, run, environment }, machine.record, machine.ports(), () => undefined);
}

async function takenOver(definition: object): Promise<FakeMachine> {
  const machine = new FakeMachine({ command: 'x', port: 20_000, ...definition });
  machine.actor.adopt(adopted(machine));
  await settle();
  assert.equal(machine.record.state, 'ready');
  return machine;
}

describe('adoption', () => {
  it('says of a strict backend that it runs without a control group, for as long as it does', async () => {
    assert.match(
      (await takenOver({ stop: { strict: true } })).record.notStrict ?? '',
      /^"stop\.strict" does not hold for this run: /,
    );
    assert.equal((await takenOver({})).record.notStrict, undefined);
    const machine = new FakeMachine({ command: 'x', port: 20_000, stop: { strict: true } });
    adopted(machine, { group: '/group' });
    assert.equal(machine.record.notStrict, undefined);
  });

  it('is ready, and answers a start, once the port of its gateway listens again', async () => {
    const machine = new FakeMachine({ command: 'x', port: 20_000 });
    let taken: (isOurs: boolean) => void = () => {};
    machine.takesPort = () => new Promise((resolve) => (taken = resolve));
    machine.actor.adopt(adopted(machine));
    const told: string[] = [];
    const { done } = machine.actor.start({ origin: 'person', environment: {}, trusted: true });
    const answered = done.then(() => told.push('answered'));
    await settle();
    assert.deepEqual([machine.record.state, told.length], ['starting', 0]);
    taken(true);
    await answered;
    assert.equal(machine.record.state, 'ready');
    assert.equal(machine.runs.length, 0, 'nothing is started');
    await machine.actor.stop('stopped by you');
  });

  it('is stopped by whoever asks for that before its port listens again', async () => {
    const machine = new FakeMachine({ command: 'x', port: 20_000 });
    let taken: (isOurs: boolean) => void = () => {};
    machine.takesPort = () => new Promise((resolve) => (taken = resolve));
    const run = new FakeRun(50);
    machine.actor.adopt(adopted(machine, { run }));
    const stopped = machine.actor.stop('stopped by you');
    await settle();
    taken(true);
    await stopped;
    assert.equal(machine.record.state, 'stopped');
  });

  it('watches whether a ready backend that was taken over still answers', async () => {
    const machine = await takenOver({ liveness: { tcp: true, period: '10s' } });
    machine.outcome = refused;
    await pass(machine.clock, 13_000, 100);
    assert.equal(machine.record.notAnswering?.saw, 'tcp :20000 → connection refused');
    await machine.actor.stop('stopped by you');
  });

  it('asks the quiesce hook of one that was taken over', async () => {
    const machine = await takenOver({ stop: { quiesce: { http: '/quiesce' } } });
    machine.outcome = refused;
    const slept = machine.actor.sleep({ words: 'put to sleep by you', asked: true });
    const told = assert.rejects(slept, /its quiesce hook did not agree/);
    await pass(machine.clock, 2_000, 50);
    await told;
    assert.equal(machine.record.state, 'ready');
    await machine.actor.stop('stopped by you');
  });

  it('gives a later start what the window has under the names that the backend has values of its own for', () => {
    const machine = new FakeMachine({ command: 'x', port: 20_000 });
    machine.ownEnvironment = { PATH: '/window', HOME: '/other' };
    const environment = { PATH: 'x:/window', HOME: '/home', PORT: '20000' };
    const { live } = adopted(machine, { facts: { ownNames: ['PATH', 'PORT'] }, environment });
    assert.deepEqual(live.launch.windowEnvironment, { PATH: '/window', HOME: '/home' });
  });

  it('sees one that was taken over end, whatever of the keep-list carries on', async () => {
    const machine = new FakeMachine({ command: 'x', port: 20_000 });
    machine.record.keepProcesses = ['kept'];
    const run = new FakeRun(50);
    const stat = { pid: 60, startTime: '1', parentPid: 1, groupId: 60, sessionId: 60, state: 'S' };
    machine.familyOf = (keep) => (keep.includes('kept') ? [] : [{ ...stat, command: 'kept' }]);
    machine.actor.adopt(adopted(machine, { run }));
    run.exit({});
    await pass(machine.clock, 1_000, 20);
    await settle();
    assert.equal(machine.record.state, 'failed');
  });

  it('runs no command that came into the file since somebody agreed to it', () => {
    const probes = { liveness: { exec: ['touch', 'x'] }, stop: { quiesce: { exec: ['touch', 'y'] } } };
    const machine = new FakeMachine({ command: 'x', port: 20_000, ...probes });
    const agreed = adopted(machine, { facts: { whatRuns: whatRunsHash(machine.record.definition) } });
    assert.equal(agreed.live.launch.liveness?.kind, 'exec');
    assert.equal(agreed.live.launch.quiesce?.kind, 'exec');
    const changed = adopted(machine, { facts: { whatRuns: 'of another definition' } });
    assert.equal(changed.live.launch.liveness, undefined);
    assert.equal(changed.live.launch.quiesce, undefined);
    assert.equal(changed.ending, undefined);
  });

  it('stops one on its way that only such a command could tell to be ready', () => {
    const machine = new FakeMachine({ command: 'x', ready: { exec: ['touch', 'x'] } });
    const onItsWay = (whatRuns: string): Adopted['ending'] =>
      adopted(machine, { facts: { whatRuns }, ready: false }).ending;
    assert.equal(onItsWay(whatRunsHash(machine.record.definition)), undefined);
    assert.equal(onItsWay('of another definition'), 'stopped');
  });
});
