import assert from 'node:assert/strict';
import { LossWatch } from '../../../src/broker/lossWatch';
import type { Listener } from '../../../src/platform/net/types';
import { ManualClock } from '../vscode/manualClock';
import { pass, settle } from './steps';

class Net {
  readonly clock = new ManualClock();
  readonly lost: number[] = [];
  count: string | undefined = '1 0';
  listeners: readonly Listener[] | undefined = [];
  openCounts = 0;
  tableReads = 0;
  readonly watch = new LossWatch({
    clock: this.clock,
    openCount: () => {
      this.openCounts++;
      return { read: () => this.count, dispose: () => this.openCounts-- };
    },
    listeners: () => {
      this.tableReads++;
      return Promise.resolve(this.listeners);
    },
  });

  listen(...ports: readonly number[]): void {
    this.listeners = ports.map((port) => ({ port, address: '127.0.0.1', inode: port }));
    this.count = `${ports.length} ${Math.random()}`;
  }

  add(port: number): { dispose(): void } {
    return this.watch.add({ port, untilMs: this.clock.nowMs() + 3_000, lost: () => this.lost.push(port) });
  }
}

describe('LossWatch', () => {
  it('tells once of each that no longer listens, and rests when none is left', async () => {
    const net = new Net();
    net.listen(1, 2);
    net.add(1);
    const second = net.add(2);
    await pass(net.clock, 200);
    assert.deepEqual(net.lost, []);
    net.listen(2);
    await pass(net.clock, 200);
    assert.deepEqual(net.lost, [1]);
    second.dispose();
    assert.equal(net.clock.pending, 0);
    assert.equal(net.openCounts, 0);
  });

  it('reads the table only when the count has moved', async () => {
    const net = new Net();
    net.listen(1);
    const one = net.add(1);
    await pass(net.clock, 200);
    const reads = net.tableReads;
    await pass(net.clock, 2_000);
    assert.equal(net.tableReads, reads);
    one.dispose();
  });

  it('does not miss one that it never saw', async () => {
    const net = new Net();
    net.listen(2);
    const one = net.add(1);
    net.listen(2, 3);
    await pass(net.clock, 200);
    assert.deepEqual(net.lost, []);
    one.dispose();
  });

  it('takes a table that cannot be read for no loss', async () => {
    const net = new Net();
    net.listen(1);
    const one = net.add(1);
    await settle();
    net.listen(1, 2);
    net.listeners = undefined;
    await pass(net.clock, 200);
    assert.deepEqual(net.lost, []);
    one.dispose();
  });

  it('is over by itself after its time', async () => {
    const net = new Net();
    net.listen(1);
    net.add(1);
    await pass(net.clock, 2_950);
    assert.equal(net.openCounts, 1);
    await pass(net.clock, 100);
    assert.equal(net.openCounts, 0);
    assert.equal(net.clock.pending, 0);
    net.listen();
    await pass(net.clock, 500);
    assert.deepEqual(net.lost, []);
  });

  it('does nothing where the system keeps no count', async () => {
    const net = new Net();
    net.count = undefined;
    const one = net.add(1);
    await pass(net.clock, 50);
    assert.equal(net.clock.pending, 0);
    assert.equal(net.tableReads, 0);
    one.dispose();
    assert.equal(net.openCounts, 0);
  });
});
