import assert from 'node:assert/strict';
import { ListenWatch, type ListenSubject } from '../../../src/broker/listenWatch';
import type { SocketCount } from '../../../src/platform/net/socketCount';
import { ManualClock } from '../vscode/manualClock';
import { pass } from './steps';

class Net {
  readonly clock = new ManualClock();
  readonly looks: { readonly port: number; readonly atMs: number; readonly reason: string }[] = [];
  count: string | undefined = '1 1';
  ports: ReadonlySet<number> = new Set();
  openCounts = 0;
  tableReads = 0;
  readonly watch = new ListenWatch({
    clock: this.clock,
    openCount: () => {
      this.openCounts++;
      return { read: () => this.count, dispose: () => this.openCounts-- };
    },
    ports: () => {
      this.tableReads++;
      return this.ports;
    },
  });

  subject(port: number, waits: () => boolean = () => true): ListenSubject {
    const look = (reason: string): void => void this.looks.push({ port, atMs: this.clock.nowMs(), reason });
    const lastLookMs = (): number => this.looks.findLast((one) => one.port === port)?.atMs ?? Number.NEGATIVE_INFINITY;
    return { port, startedMs: this.clock.nowMs(), waits, look, lastLookMs };
  }
}

describe('ListenWatch', () => {
  it('looks within milliseconds of a change of the count, and hardly without one', async () => {
    const net = new Net();
    const waiting = net.watch.add(net.subject(3000));
    await pass(net.clock, 1_000, 5);
    assert.ok(net.looks.length <= 5, String(net.looks.length));
    const before = net.looks.length;
    net.count = '2 1';
    await pass(net.clock, 25, 5);
    assert.equal(net.looks.length, before + 1);
    waiting.dispose();
  });

  it('spares one that the schedule has just looked at the look for want of one, not the look for a change', async () => {
    const net = new Net();
    const waiting = net.watch.add({ ...net.subject(3000), lastLookMs: () => net.clock.nowMs() - 300 });
    await pass(net.clock, 3_000, 10);
    assert.ok(net.looks.length <= 1, String(net.looks.length));
    const before = net.looks.length;
    net.count = '2 1';
    await pass(net.clock, 50, 5);
    assert.equal(net.looks.length, before + 1);
    waiting.dispose();
  });

  it('looks soon at one that may have begun to listen before it was watched, though it was just looked at', async () => {
    const net = new Net();
    const justNow = net.clock.nowMs();
    const all = [net.watch.add({ ...net.subject(1), lastLookMs: () => justNow })];
    await pass(net.clock, 20, 5);
    assert.deepEqual(
      net.looks.map(({ port }) => port),
      [1],
    );
    all.push(net.watch.add({ ...net.subject(2), lastLookMs: () => net.clock.nowMs() }));
    await pass(net.clock, 20, 5);
    assert.ok(net.looks.some(({ port }) => port === 2));
    for (const one of all) one.dispose();
  });

  it('leaves none of several that began at different times long without a look', async () => {
    const net = new Net();
    const all = [net.watch.add(net.subject(1))];
    await pass(net.clock, 100, 10);
    all.push(net.watch.add(net.subject(2)));
    await pass(net.clock, 600, 10);
    all.push(net.watch.add(net.subject(3)));
    await pass(net.clock, 6_000, 10);
    for (const port of [1, 2, 3]) {
      const times = net.looks.filter((one) => one.port === port).map(({ atMs }) => atMs);
      const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
      assert.ok(gaps.length >= 3 && Math.max(...gaps) < 1_600, `${port}: ${gaps.join(' ')}`);
    }
    for (const one of all) one.dispose();
  });

  it('looks soon after the age at which one may be ready, though it looked seldom before', async () => {
    const net = new Net();
    const waiting = net.watch.add({ ...net.subject(3000), usual: { notBeforeMs: 70 } });
    await pass(net.clock, 70, 5);
    const before = net.looks.length;
    net.count = '2 1';
    await pass(net.clock, 15, 5);
    assert.equal(net.looks.length, before + 1);
    waiting.dispose();
  });

  it('is not put off by others that begin to wait', async () => {
    const net = new Net();
    const all = [net.watch.add(net.subject(1))];
    await pass(net.clock, 20);
    const before = net.looks.length;
    net.count = '2 1';
    for (let port = 2; port < 10; port++) {
      all.push(net.watch.add(net.subject(port)));
      await pass(net.clock, 5, 5);
    }
    assert.ok(net.looks.length > before);
    for (const one of all) one.dispose();
  });

  it('tells of a change also one that is reached already', async () => {
    const net = new Net();
    let moves = 0;
    const reached = net.watch.add({ ...net.subject(1, () => false), moved: () => moves++ });
    await pass(net.clock, 300);
    moves = 0;
    await pass(net.clock, 300);
    assert.equal(moves, 0);
    net.count = '2 1';
    await pass(net.clock, 150);
    assert.equal(moves, 1);
    reached.dispose();
  });

  it('hardly looks at one that says so itself', async () => {
    const net = new Net();
    let reads = 0;
    const openCount = (): SocketCount => ({ read: () => String(reads++ > 1e6), dispose: () => {} });
    const watch = new ListenWatch({ clock: net.clock, openCount, ports: () => new Set() });
    const waiting = watch.add({ ...net.subject(1), usual: { notBeforeMs: 0, saysSo: true } });
    await pass(net.clock, 1_000, 5);
    assert.ok(reads <= 12, String(reads));
    waiting.dispose();
  });

  it('costs nothing when nobody waits any more', async () => {
    const net = new Net();
    const both = [net.watch.add(net.subject(1)), net.watch.add(net.subject(2))];
    await pass(net.clock, 50);
    assert.equal(net.openCounts, 1);
    for (const one of both) one.dispose();
    assert.equal(net.openCounts, 0);
    assert.equal(net.clock.pending, 0);
  });

  it('leaves one alone for which a listener is no news', async () => {
    const net = new Net();
    const waiting = net.watch.add(net.subject(3000, () => false));
    for (let step = 0; step < 20; step++) {
      net.count = String(step);
      await pass(net.clock, 50);
    }
    assert.deepEqual(net.looks, []);
    waiting.dispose();
  });

  it('finds out of many the one that listens with one look at the table', async () => {
    const net = new Net();
    const many = Array.from({ length: 200 }, (_, index) => net.watch.add(net.subject(10_000 + index)));
    await pass(net.clock, 200);
    assert.deepEqual(net.looks, []);
    net.ports = new Set([10_007]);
    net.count = '2 1';
    await pass(net.clock, 30);
    assert.deepEqual(
      net.looks.map(({ port, reason }) => ({ port, reason })),
      [{ port: 10_007, reason: 'it listens now' }],
    );
    assert.ok(net.tableReads <= 3, String(net.tableReads));
    for (const one of many) one.dispose();
  });

  it('probes under the same governor where the system has no count', async () => {
    const net = new Net();
    net.count = undefined;
    const waiting = net.watch.add(net.subject(3000));
    await pass(net.clock, 2_000, 5);
    assert.ok(net.looks.length >= 20 && net.looks.length <= 80, String(net.looks.length));
    waiting.dispose();
  });
});
