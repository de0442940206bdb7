import assert from 'node:assert/strict';
import { FakeMachine } from './fakeMachine';
import { pass, settle } from './steps';

const refused = { ok: false, saw: 'connection refused' };
const answered = { ok: true, saw: 'answered' };

async function ready(definition: object = {}): Promise<FakeMachine> {
  const machine = new FakeMachine({ command: 'x', port: 20_000, ...definition });
  await machine.actor.start({ origin: 'person', environment: {}, trusted: true }).done;
  return machine;
}

function saw(machine: FakeMachine): string | undefined {
  return machine.record.notAnswering?.saw;
}

const liveness = { tcp: true, period: '10s' };

describe('ready watch', () => {
  it('marks one that no longer listens, and takes it back when it answers', async () => {
    const machine = await ready();
    machine.outcome = refused;
    machine.losses[0]?.lost();
    await pass(machine.clock, 5_000);
    assert.match(saw(machine) ?? '', /it stopped listening/);
    assert.equal(machine.record.state, 'ready');
    machine.outcome = answered;
    await pass(machine.clock, 2_000);
    assert.equal(saw(machine), undefined);
    assert.equal(machine.losses.length, 2, 'it is watched again');
    assert.deepEqual(
      machine.record.timeline
        .entries()
        .slice(-2)
        .map(({ cause }) => cause.split(':')[0]),
      ['not answering', 'it answers again'],
    );
  });

  it('withdraws ready after three failed liveness probes, and leaves it running', async () => {
    const machine = await ready({ liveness });
    machine.outcome = refused;
    await pass(machine.clock, 11_900, 100);
    assert.equal(saw(machine), undefined);
    await pass(machine.clock, 200, 100);
    assert.equal(saw(machine), 'tcp :20000 → connection refused');
    assert.equal(machine.record.live?.run, machine.lastRun);
    machine.outcome = answered;
    await pass(machine.clock, 5_100, 100);
    assert.equal(saw(machine), undefined);
  });

  it('forgets the mark when the backend is stopped, and looks no more', async () => {
    const machine = await ready({ liveness });
    machine.outcome = refused;
    await pass(machine.clock, 13_000, 100);
    assert.ok(saw(machine) !== undefined);
    await machine.actor.stop('stopped by you');
    await settle();
    assert.equal(saw(machine), undefined);
    const looks = machine.lookSignals.length;
    await pass(machine.clock, 60_000, 1_000);
    assert.equal(machine.lookSignals.length, looks);
    assert.equal(machine.clock.pending, 0);
  });

  it('does not look at one whose process ended meanwhile', async () => {
    const machine = await ready();
    machine.outcome = refused;
    machine.losses[0]?.lost();
    await pass(machine.clock, 300);
    machine.lastRun.exit({ code: 1 });
    await pass(machine.clock, 1_000);
    assert.equal(machine.record.state, 'failed');
    assert.equal(saw(machine), undefined);
    assert.equal(machine.clock.pending, 0);
  });
});
