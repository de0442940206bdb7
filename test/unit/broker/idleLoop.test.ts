import assert from 'node:assert/strict';
import { ConnectionSensor } from '../../../src/activity/connectionSensor';
import { CpuSensor } from '../../../src/activity/cpuSensor';
import { IdleLoop, type IdleSubject } from '../../../src/broker/idleLoop';
import type { IdleDue } from '../../../src/model/idleCoordinator';
import type { SocketTable } from '../../../src/platform/net/socketTable';
import type { PortTraffic } from '../../../src/platform/net/types';
import { LeapingClock, pass, settle } from './steps';

class World {
  readonly clock = new LeapingClock();
  readonly traffic = new Map<number, PortTraffic>();
  readonly due: IdleDue[] = [];
  readonly active: string[] = [];
  readonly logged: string[] = [];
  looks = 0;
  blind = false;
  /** CPU time used so far, per ms of the clock. */
  cpuShare = 0;
  /** Ports to which somebody on this machine holds a connection: there it is asked whose it is. */
  readonly asked = new Set<number>();
  readonly loop: IdleLoop;

  constructor(readsCpu = true, trafficBlindness?: string) {
    const table: SocketTable = {
      trafficBlindness,
      readListeners: () => Promise.resolve([]),
      ownedBy: () => Promise.resolve(() => false),
      clientPid: () => Promise.resolve(undefined),
      ownersOf: () => Promise.resolve([]),
      readTraffic: async (queries) => {
        this.looks++;
        for (const { port, ownPids } of queries) if (this.asked.has(port)) await ownPids();
        return this.blind ? undefined : this.traffic;
      },
    };
    const cpu = new CpuSensor(readsCpu ? () => Promise.resolve(this.clock.nowMs() * this.cpuShare) : undefined);
    const logger = { log: (_level: string, message: string) => void this.logged.push(message) };
    this.loop = new IdleLoop(this.clock, logger, new ConnectionSensor(table), cpu, {
      due: (due) => this.due.push(due),
      active: (key, because) => this.active.push(`${key}: ${because}`),
      changed: () => {},
    });
  }

  subject(part: Partial<IdleSubject> = {}): IdleSubject {
    return { key: 'api', idleTimeoutMs: 10_000, ports: [3000], pids: () => Promise.resolve([]), cpu: false, ...part };
  }
}

describe('idle loop', () => {
  it('sets no timer while nothing counts down', async () => {
    const world = new World();
    assert.equal(world.clock.pending, 0);
    world.loop.enter(world.subject());
    assert.equal(world.clock.pending, 1);
    world.loop.leave('api');
    assert.equal(world.clock.pending, 0);
    await pass(world.clock, 60_000, 1_000);
    assert.deepEqual(world.due, []);
  });

  it('sets one timer for any number of backends', () => {
    const world = new World();
    for (let n = 0; n < 100; n++) world.loop.enter(world.subject({ key: `b${n}`, ports: [3000 + n] }));
    assert.equal(world.clock.pending, 1);
  });

  it('tells a backend due once, after its timeout and not before', async () => {
    const world = new World();
    world.loop.enter(world.subject());
    await pass(world.clock, 9_990);
    assert.equal(world.due.length, 0);
    await pass(world.clock, 10);
    assert.deepEqual(
      world.due.map((due) => due.idleForMs),
      [10_000],
    );
    await pass(world.clock, 60_000, 100);
    assert.equal(world.due.length, 1);
  });

  it('keeps a backend with an open connection awake, and counts from its end', async () => {
    const world = new World();
    world.loop.enter(world.subject());
    world.traffic.set(3000, { established: 2 });
    await pass(world.clock, 30_000);
    assert.deepEqual(world.due, []);
    const [hold] = world.loop.view('api')?.sensed ?? [];
    assert.deepEqual([hold?.kind, hold?.reason], ['connection', '2 open connections']);
    assert.ok((hold?.since ?? Infinity) <= world.clock.wallMs(), 'it tells since when');
    world.traffic.set(3000, { established: 0, lastClosedAgoMs: 0 });
    const closedAt = world.clock.nowMs();
    await pass(world.clock, 4_000);
    world.traffic.delete(3000);
    while (world.due.length === 0 && world.clock.nowMs() < closedAt + 20_000) await pass(world.clock, 10);
    const sleptAfterMs = world.clock.nowMs() - closedAt;
    assert.ok(sleptAfterMs >= 10_000 && sleptAfterMs < 15_000, `${sleptAfterMs} ms`);
  });

  it('counts a connection that came and went between two looks', async () => {
    const world = new World();
    world.loop.enter(world.subject());
    await pass(world.clock, 9_000);
    world.traffic.set(3000, { established: 0, lastClosedAgoMs: 1_000 });
    await pass(world.clock, 1_000);
    assert.deepEqual(world.due, []);
    world.traffic.delete(3000);
    await pass(world.clock, 8_990);
    assert.deepEqual(world.due, []);
    await pass(world.clock, 10);
    assert.equal(world.due.length, 1);
  });

  it('asks for the families of all backends as of the same moment: one look at the process table serves them', async () => {
    const world = new World();
    const moments: number[] = [];
    const pids = (notBeforeMs: number): Promise<readonly number[]> => {
      moments.push(notBeforeMs);
      return Promise.resolve([1]);
    };
    for (const n of [0, 1, 2]) {
      world.asked.add(3000 + n);
      world.loop.enter(world.subject({ key: `b${n}`, ports: [3000 + n], pids, cpu: true }));
    }
    await pass(world.clock, 5_000);
    assert.equal(moments.length, 6, 'once for connections and once for CPU, of three backends');
    assert.deepEqual([...new Set(moments)], [5_000]);
  });

  it('does not look for processes where their CPU time cannot be read', async () => {
    const world = new World(false);
    let families = 0;
    const pids = (): Promise<readonly number[]> => Promise.resolve([++families]);
    world.loop.enter(world.subject({ pids, cpu: true }));
    await pass(world.clock, 10_000);
    assert.equal(world.due.length, 1);
    assert.equal(families, 0);
  });

  it('takes looks that fail neither for silence nor for a reason to look all the time', async () => {
    for (const port of [3000, 3001]) {
      const world = new World();
      let fails = true;
      const pids = (): Promise<readonly number[]> =>
        fails ? Promise.reject(new Error('too many open files')) : Promise.resolve([]);
      // The first is asked whose connections those are, the second how much it works.
      world.asked.add(3000);
      world.loop.enter(world.subject({ ports: [port], pids, cpu: true }));
      await pass(world.clock, 60_000, 100);
      assert.deepEqual(world.due, []);
      assert.ok(world.looks < 40, `${world.looks} looks`);
      assert.match(world.logged[0] ?? '', /too many open files/);
      fails = false;
      await pass(world.clock, 25_000, 100);
      assert.equal(world.due.length, 1);
    }
  });

  it('does not take a table that cannot be read for silence', async () => {
    const world = new World();
    world.blind = true;
    world.loop.enter(world.subject());
    await pass(world.clock, 60_000, 100);
    assert.deepEqual(world.due, []);
    assert.equal(world.loop.view('api')?.sensed.length, 1, 'the person is told');
    world.blind = false;
    await pass(world.clock, 20_000, 100);
    assert.equal(world.due.length, 1);
  });

  it('leaves to the gateway what only a table could tell, where there never is one', async () => {
    const world = new World(true, 'no table here');
    world.blind = true;
    world.loop.enter(world.subject({ ports: [], frontedPort: 3000 }));
    world.loop.enter(world.subject({ key: 'observed', ports: [3001] }));
    await pass(world.clock, 10_000);
    assert.deepEqual(
      world.due.map((due) => due.key),
      ['api'],
    );
  });

  it('takes a failed look for no silence behind a gateway either', async () => {
    const world = new World();
    world.blind = true;
    world.loop.enter(world.subject({ ports: [], frontedPort: 3000 }));
    await pass(world.clock, 30_000, 100);
    assert.deepEqual(world.due, []);
  });

  it('keeps a backend awake for as long as it works', async () => {
    const world = new World();
    world.cpuShare = 0.5;
    world.loop.enter(world.subject({ cpu: true, idleTimeoutMs: 30_000 }));
    await pass(world.clock, 90_000, 100);
    assert.deepEqual(world.due, []);
    assert.equal(world.loop.view('api')?.sensed[0]?.kind, 'cpu');
    world.cpuShare = 0;
    await pass(world.clock, 60_000, 100);
    assert.equal(world.due.length, 1);
  });

  it('keeps a backend awake while it prints, when output counts', async () => {
    const world = new World();
    let printedAt = 0;
    const lastOutputAgoMs = (): Promise<number> => Promise.resolve(world.clock.nowMs() - printedAt);
    world.loop.enter(world.subject({ lastOutputAgoMs, ports: [] }));
    for (let second = 0; second < 30; second++) {
      printedAt = world.clock.nowMs();
      await pass(world.clock, 1_000, 100);
    }
    assert.deepEqual(world.due, []);
    await pass(world.clock, 10_000, 100);
    assert.equal(world.due.length, 1);
  });

  it('starts over on reported activity, which also calls off a drain', async () => {
    const world = new World();
    world.loop.enter(world.subject());
    await pass(world.clock, 9_000);
    world.loop.markActivity('api', 'activity was reported for it');
    assert.deepEqual(world.active, ['api: activity was reported for it']);
    await pass(world.clock, 9_990);
    assert.deepEqual(world.due, []);
    await pass(world.clock, 10);
    assert.equal(world.due.length, 1);
  });

  it('waits for the last of several holds, and looks at nothing meanwhile', async () => {
    const world = new World();
    world.loop.enter(world.subject());
    world.loop.holdPlaced('api', '1', 'one');
    world.loop.holdPlaced('api', '2', 'two');
    const looks = world.looks;
    await pass(world.clock, 50_000, 1_000);
    assert.equal(world.looks, looks, 'nothing can change the verdict');
    world.loop.holdReleased('api', '1', 'one');
    await pass(world.clock, 20_000, 1_000);
    assert.deepEqual(world.due, []);
    world.loop.holdReleased('api', '2', 'two');
    await pass(world.clock, 9_990);
    assert.deepEqual(world.due, []);
    await pass(world.clock, 10);
    assert.equal(world.due.length, 1);
  });

  it('goes on counting under an edited timeout', async () => {
    const world = new World();
    world.loop.enter(world.subject({ idleTimeoutMs: 600_000 }));
    await pass(world.clock, 8_000, 100);
    world.loop.enter(world.subject({ idleTimeoutMs: 10_000 }));
    assert.equal(world.loop.view('api')?.remainingMs, 2_000);
    await pass(world.clock, 2_000);
    assert.equal(world.due.length, 1);
  });

  it('begins all countdowns anew when its timer came late', async () => {
    const world = new World();
    world.loop.enter(world.subject());
    world.clock.leap(3_600_000);
    await pass(world.clock, 10_000);
    assert.deepEqual(world.due, []);
    assert.match(world.logged[0] ?? '', /begin again/);
    await pass(world.clock, 10_000);
    assert.equal(world.due.length, 1);
  });

  it('does a last look before a verdict, which sees what came since', async () => {
    const world = new World();
    world.loop.enter(world.subject());
    assert.equal(await world.loop.lastLook('api'), undefined);
    world.traffic.set(3000, { established: 1 });
    assert.equal(await world.loop.lastLook('api'), '1 open connection');
    assert.equal(await world.loop.lastLook('unknown'), undefined);
  });

  it('sets no timer after its end', async () => {
    const world = new World();
    world.loop.enter(world.subject());
    world.clock.advance(10_000);
    world.loop.dispose();
    await settle();
    assert.equal(world.clock.pending, 0);
  });
});
