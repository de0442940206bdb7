import assert from 'node:assert/strict';
import { CancellationSource } from '../../../src/base/cancellation';
import { SpawnWaitLoop, type SpawnWaitOutcome, type SpawnWaitSubject } from '../../../src/broker/spawnWaitLoop';
import type { ProbeRecord } from '../../../src/model/snapshot';
import { SpawnWaitPolicy } from '../../../src/model/spawnWait';
import type { ProbeOutcome } from '../../../src/platform/net/types';
import { ManualClock } from '../vscode/manualClock';
import { pass, settle } from './steps';

const refused: ProbeOutcome = { ok: false, saw: 'refused' };
const answered: ProbeOutcome = { ok: true, saw: 'answered' };

class Wait {
  readonly clock = new ManualClock();
  readonly cancel = new CancellationSource();
  readonly records: ProbeRecord[] = [];
  /** When each look began, and the time it was given. */
  readonly looks: { readonly atMs: number; readonly timeoutMs: number }[] = [];
  probe: () => Promise<ProbeOutcome> = () => Promise.resolve(refused);
  alive = true;
  outcome: SpawnWaitOutcome | undefined;
  readonly loop: SpawnWaitLoop;

  constructor(hardCeilingMs: number, options: Partial<SpawnWaitSubject> = {}) {
    this.loop = new SpawnWaitLoop({
      policy: SpawnWaitPolicy.withHardCeiling(hardCeilingMs),
      clock: this.clock,
      cancel: this.cancel,
      daemonAlive: () => this.alive,
      onProbe: (record) => this.records.push(record),
      probe: (timeoutMs) => {
        this.looks.push({ atMs: this.clock.nowMs(), timeoutMs });
        return this.probe();
      },
      ...options,
    });
  }

  begin(): void {
    void this.loop.run().then((outcome) => (this.outcome = outcome));
  }

  get scheduledAt(): number[] {
    return this.records.filter((record) => record.attempt !== undefined).map((record) => record.elapsedMs);
  }
}

describe('spawn wait loop', () => {
  it('looks at once, then on the schedule of the policy', async () => {
    const wait = new Wait(60_000);
    wait.begin();
    await pass(wait.clock, 6_000);
    assert.deepEqual(wait.scheduledAt, [0, 50, 150, 350, 850, 1_850, 3_850, 5_850]);
    assert.deepEqual(
      wait.records.map((record) => record.attempt),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
  });

  it('makes an extra look for evidence, which never moves the schedule', async () => {
    const wait = new Wait(60_000);
    wait.begin();
    for (let kick = 0; kick < 70; kick++) {
      wait.loop.kick('printed a line');
      await pass(wait.clock, 30);
    }
    assert.deepEqual(wait.scheduledAt, [0, 50, 150, 350, 850, 1_850]);
    const extra = wait.records.filter((record) => record.attempt === undefined);
    assert.equal(extra.length, 70);
    assert.ok(extra.every((record) => record.reason === 'printed a line'));
  });

  it('is ready as soon as an extra look finds it so', async () => {
    const wait = new Wait(60_000);
    wait.begin();
    await pass(wait.clock, 1_000);
    wait.probe = () => Promise.resolve(answered);
    wait.loop.kick('found in the output');
    await settle();
    assert.deepEqual(wait.outcome, { kind: 'endpointReady', elapsedMs: 1_000, reason: 'found in the output' });
    assert.equal(wait.clock.pending, 0);
  });

  it('looks once more when evidence came during an extra look', async () => {
    const wait = new Wait(60_000);
    wait.begin();
    await settle();
    const before = wait.looks.length;
    let answer: (outcome: ProbeOutcome) => void = () => {};
    wait.probe = () => new Promise((resolve) => (answer = resolve));
    for (let kick = 0; kick < 5; kick++) wait.loop.kick('printed a line');
    await settle();
    assert.equal(wait.looks.length, before + 1, 'one extra look at a time');
    wait.probe = () => Promise.resolve(answered);
    answer(refused);
    await settle();
    assert.equal(wait.looks.length, before + 2);
    assert.equal(wait.outcome?.kind, 'endpointReady');
  });

  it('does not let a look that hangs hold up the schedule', async () => {
    const wait = new Wait(60_000);
    wait.probe = () => new Promise(() => {});
    wait.begin();
    await pass(wait.clock, 4_000);
    assert.deepEqual(
      wait.looks.map((look) => look.atMs),
      [0, 50, 150, 350, 850, 1_850, 3_850],
    );
  });

  it('is not held beyond the ceiling by a last look that hangs', async () => {
    const wait = new Wait(1_000);
    wait.probe = () => new Promise(() => {});
    wait.begin();
    await pass(wait.clock, 1_240);
    assert.equal(wait.outcome, undefined);
    await pass(wait.clock, 10);
    assert.deepEqual(wait.outcome, { kind: 'timeout', hardCeilingMs: 1_000 });
  });

  it('looks a last time at the ceiling before it gives up', async () => {
    const wait = new Wait(1_000);
    wait.begin();
    await pass(wait.clock, 990);
    assert.equal(wait.outcome, undefined);
    wait.probe = () => Promise.resolve(answered);
    await pass(wait.clock, 10);
    assert.deepEqual(wait.outcome, { kind: 'endpointReady', elapsedMs: 1_000, reason: 'hard ceiling' });
    assert.equal(wait.records.at(-1)?.reason, 'hard ceiling');
  });

  it('gives up at the ceiling, once, with nothing left running', async () => {
    const wait = new Wait(1_000);
    wait.begin();
    await pass(wait.clock, 1_000);
    assert.deepEqual(wait.outcome, { kind: 'timeout', hardCeilingMs: 1_000 });
    assert.equal(wait.clock.pending, 0);
    const looks = wait.looks.length;
    wait.loop.kick('late');
    await pass(wait.clock, 5_000, 100);
    assert.equal(wait.looks.length, looks);
  });

  it('never gives a look more time than is left, nor none at all', async () => {
    const wait = new Wait(7_000);
    wait.begin();
    await pass(wait.clock, 7_000);
    for (const { atMs, timeoutMs } of wait.looks) {
      assert.ok(timeoutMs <= Math.max(250, 7_000 - atMs), `${timeoutMs} ms at ${atMs}`);
      assert.ok(timeoutMs >= 250 && timeoutMs <= 5_000);
    }
  });

  it('decides at once when the process ended', async () => {
    const wait = new Wait(60_000);
    wait.begin();
    await pass(wait.clock, 200);
    wait.alive = false;
    wait.loop.daemonExited();
    await settle();
    assert.deepEqual(wait.outcome, { kind: 'daemonExitedBeforeReady' });
    assert.equal(wait.clock.pending, 0);
  });

  it('takes a look that answers after the end for nothing', async () => {
    const wait = new Wait(60_000);
    let answer: (outcome: ProbeOutcome) => void = () => {};
    wait.probe = () => new Promise((resolve) => (answer = resolve));
    wait.begin();
    wait.alive = false;
    wait.loop.daemonExited();
    answer(answered);
    await settle();
    assert.deepEqual(wait.outcome, { kind: 'daemonExitedBeforeReady' });
    assert.deepEqual(wait.records, []);
  });

  it('takes a probe that breaks for one that saw the error', async () => {
    const wait = new Wait(60_000);
    wait.probe = () => Promise.reject(new Error('no such probe'));
    wait.begin();
    await settle();
    wait.loop.kick('printed a line');
    await settle();
    wait.loop.kick('printed a line');
    await settle();
    assert.deepEqual(
      wait.records.map((record) => record.saw),
      ['no such probe', 'no such probe', 'no such probe'],
    );
    assert.equal(wait.outcome, undefined);
  });

  it('ends at once when cancelled, before or during', async () => {
    const before = new Wait(60_000);
    before.cancel.cancel();
    before.begin();
    await settle();
    assert.deepEqual(before.outcome, { kind: 'cancelled' });
    assert.deepEqual(before.looks, []);
    const during = new Wait(60_000);
    during.begin();
    await pass(during.clock, 100);
    during.cancel.cancel();
    await settle();
    assert.deepEqual(during.outcome, { kind: 'cancelled' });
    assert.equal(during.clock.pending, 0);
  });

  it('shows the number and time of the next scheduled look', async () => {
    const wait = new Wait(60_000);
    wait.begin();
    await pass(wait.clock, 200);
    assert.deepEqual(wait.loop.view(), { attempt: 3, elapsedMs: 200, nextProbeInMs: 150, hardCeilingMs: 60_000 });
  });

  it('asks one that accepts connections more often, and stops that when it refuses again', async () => {
    const wait = new Wait(60_000);
    wait.probe = () => Promise.resolve({ ok: false, saw: 'HTTP 503', connected: true });
    wait.begin();
    await pass(wait.clock, 1_000);
    assert.equal(wait.loop.isConnected, true);
    const warm = wait.records.filter((record) => record.reason === 'it accepts connections');
    assert.ok(warm.length >= 18 && warm.length <= 25, String(warm.length));
    assert.deepEqual(wait.scheduledAt, [0, 50, 150, 350, 850]);
    wait.probe = () => Promise.resolve(refused);
    await pass(wait.clock, 300);
    assert.equal(wait.loop.isConnected, false);
    const looks = wait.looks.length;
    await pass(wait.clock, 400);
    assert.equal(wait.looks.length, looks, 'nothing but the schedule');
  });

  it('takes a stranger on the port for no sign of life', async () => {
    const wait = new Wait(60_000);
    wait.probe = () => Promise.resolve({ ok: false, saw: 'held', connected: true, holder: { port: 1 } });
    wait.begin();
    await pass(wait.clock, 1_000);
    assert.equal(wait.loop.isConnected, false);
    assert.deepEqual(
      wait.looks.map((look) => look.atMs),
      [0, 50, 150, 350, 850],
    );
  });

  it('wants as many successes in a row as were asked for, apart from each other', async () => {
    const wait = new Wait(60_000, { successThreshold: 3 });
    const answers = [answered, answered, refused, answered, answered, answered];
    wait.probe = () => Promise.resolve(answers.shift() ?? answered);
    wait.begin();
    await pass(wait.clock, 1_000);
    assert.equal(wait.outcome?.kind, 'endpointReady');
    const saw = wait.records.map((record) => record.saw);
    assert.deepEqual(saw.slice(0, 3), [
      'answered (2 more in a row to go)',
      'answered (2 more in a row to go)',
      'refused',
    ]);
    assert.ok(wait.records.slice(0, -1).every((record) => !record.ok));
    const spanMs = (wait.records.at(-1)?.elapsedMs ?? 0) - (wait.records[3]?.elapsedMs ?? 0);
    assert.ok(spanMs >= 200, String(spanMs));
  });

  it('keeps extra looks apart that start a program, and forgets none', async () => {
    const wait = new Wait(60_000, { extraGapMs: 1_000 });
    wait.begin();
    await pass(wait.clock, 10);
    for (let kick = 0; kick < 50; kick++) {
      wait.loop.kick('printed a line');
      await pass(wait.clock, 10);
    }
    await pass(wait.clock, 1_000);
    const extra = wait.records.filter((record) => record.attempt === undefined);
    assert.deepEqual(
      extra.map((record) => record.elapsedMs),
      [10, 1_010],
    );
  });

  it('cuts a look after the time that was asked for', async () => {
    const wait = new Wait(60_000, { probeTimeoutMs: 700 });
    wait.begin();
    await settle();
    assert.equal(wait.looks[0]?.timeoutMs, 700);
  });
});
