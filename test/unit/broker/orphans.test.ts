import assert from 'node:assert/strict';
import { Orphans } from '../../../src/broker/orphans';
import type { LedgerEntry } from '../../../src/broker/ledgerEntry';
import type { BrokerPorts, Orphan } from '../../../src/broker/ports';
import type { StopOptions } from '../../../src/platform/process/types';
import { FakeMachine, FakeRun } from './fakeMachine';
import { pass, settle } from './steps';

const graceMs = 30_000;

function entryOf(name: string, marker: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    ...{ marker, key: `/work#${name}`, machine: { bootId: 'boot', pidNamespace: 'ns' }, startedAtMs: 1 },
    stop: { signal: 'SIGTERM', graceMs: 1_000 },
    launch: { cwd: '/work', fingerprint: 'f', ownNames: [], logOffset: 0 },
    ...more,
  };
}

const orphanOf = (entry: LedgerEntry): Orphan => ({ entry, run: new FakeRun(50), environment: undefined });
const ready = { ready: { atMs: 2, afterMs: 1 } };

interface Left {
  readonly adoptable?: readonly Orphan[];
  readonly abandoned?: readonly Orphan[];
  readonly asleep?: readonly LedgerEntry[];
}

class Scene {
  readonly machine = new FakeMachine({ command: 'x' });
  readonly orphans: Orphans;
  /** Signals of the stops so far; each waits until it is released. */
  readonly signals: string[] = [];
  private readonly release: (() => void)[] = [];

  constructor({ adoptable = [], abandoned = [], asleep = [] }: Left) {
    const ports = this.machine.ports();
    const stop = (_run: unknown, { signal }: StopOptions): Promise<{ forced: boolean; leftovers: [] }> => {
      this.signals.push(signal);
      return new Promise((resolve) => this.release.push(() => resolve({ forced: false, leftovers: [] })));
    };
    const narrowed: BrokerPorts = {
      ...ports,
      processes: { ...ports.processes, stop },
      guard: { ...ports.guard, takeOver: () => Promise.resolve({ adoptable, abandoned, asleep }) },
    };
    this.orphans = new Orphans(narrowed, graceMs);
  }

  async stopsEnd(): Promise<void> {
    for (const end of this.release.splice(0)) end();
    await settle();
  }
}

describe('Orphans', () => {
  it('gives_the_run_of_two_that_got_further_and_ends_the_other_before_another_start', async () => {
    const [early, late] = [orphanOf(entryOf('api', 'a')), orphanOf(entryOf('api', 'b', ready))];
    const scene = new Scene({ adoptable: [early, late, orphanOf(entryOf('db', 'c'))] });
    await scene.orphans.takeOver();
    assert.equal(scene.orphans.claim('/work#api'), late);
    assert.equal(scene.orphans.claim('/work#api'), undefined);
    assert.deepEqual(scene.signals, ['SIGTERM']);
    const order: string[] = [];
    const gone = scene.orphans.endedOf('/work#api').then(() => order.push('gone'));
    await scene.orphans.endedOf('/work#db').then(() => order.push('others do not wait'));
    await scene.stopsEnd();
    await gone;
    assert.deepEqual(order, ['others do not wait', 'gone']);
    assert.deepEqual(scene.machine.over, ['a']);
    scene.orphans.dispose();
  });

  it('ends_at_once_what_belongs_to_nobody_and_counts_it_until_it_is_gone', async () => {
    const scene = new Scene({ abandoned: [orphanOf(entryOf('api', 'a'))] });
    await scene.orphans.takeOver();
    assert.deepEqual([scene.orphans.count, scene.signals.length], [1, 1]);
    await scene.stopsEnd();
    assert.deepEqual([scene.orphans.count, scene.machine.over], [0, ['a']]);
    assert.equal(scene.machine.clock.pending, 0);
  });

  it('goes_on_with_an_end_that_was_begun_and_sends_no_second_signal', async () => {
    const told = { ending: { to: 'stopped', signalled: true } } as const;
    const meant = { ending: { to: 'stopped' } } as const;
    const scene = new Scene({ adoptable: [orphanOf(entryOf('a', 'a', told)), orphanOf(entryOf('b', 'b', meant))] });
    await scene.orphans.takeOver();
    assert.deepEqual(scene.signals, ['SIGCONT', 'SIGTERM']);
    assert.equal(scene.orphans.claim('/work#a')?.entry.marker, 'a');
    scene.orphans.dispose();
  });

  it('waits_for_whoever_declares_them_for_the_grace_and_no_longer', async () => {
    const asleep = entryOf('web', 'w', { asleep: { atMs: 1 } });
    const scene = new Scene({ adoptable: [orphanOf(entryOf('api', 'a'))], asleep: [asleep] });
    await scene.orphans.takeOver();
    await pass(scene.machine.clock, graceMs - 1, 5_000);
    assert.deepEqual([scene.signals.length, scene.orphans.hasSleepers], [0, true]);
    await pass(scene.machine.clock, 1);
    assert.deepEqual([scene.signals.length, scene.orphans.hasSleepers], [1, false]);
    await scene.stopsEnd();
    assert.deepEqual(scene.machine.over, ['w', 'a']);
    assert.equal(scene.orphans.claim('/work#api'), undefined);
  });

  it('counts_the_grace_from_the_takeover_also_when_it_is_set_later', async () => {
    const scene = new Scene({ adoptable: [orphanOf(entryOf('api', 'a'))] });
    await scene.orphans.takeOver();
    await pass(scene.machine.clock, 4_000, 1_000);
    scene.orphans.setGrace(5_000);
    await pass(scene.machine.clock, 999, 111);
    assert.equal(scene.signals.length, 0);
    await pass(scene.machine.clock, 1);
    assert.equal(scene.signals.length, 1);
  });

  it('gives_what_was_asleep_once_and_not_where_it_runs', async () => {
    const entries = ['a', 'b'].map((name) => entryOf(name, name, { asleep: { atMs: 1 } }));
    const scene = new Scene({ asleep: entries });
    await scene.orphans.takeOver();
    assert.equal(scene.orphans.claimAsleep('/work#a', false), entries[0]);
    assert.equal(scene.orphans.claimAsleep('/work#a', false), undefined);
    assert.deepEqual(scene.machine.over, []);
    assert.equal(scene.orphans.claimAsleep('/work#b', true), undefined);
    assert.deepEqual(scene.machine.over, ['b']);
    assert.equal(scene.orphans.hasSleepers, false);
    scene.orphans.dispose();
  });
});
