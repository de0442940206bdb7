import assert from 'node:assert/strict';
import { ListenPorts } from '../../../src/activity/listenPorts';
import type { SocketTable } from '../../../src/platform/net/socketTable';
import type { Listener } from '../../../src/platform/net/types';

/** A table in which the listeners with an odd inode belong to the backend. */
class Table implements SocketTable {
  trafficBlindness: string | undefined;
  listeners: readonly Listener[] | undefined = [];
  ownerLooks = 0;

  readListeners = (): Promise<readonly Listener[] | undefined> => Promise.resolve(this.listeners);
  clientPid = (): Promise<undefined> => Promise.resolve(undefined);
  ownersOf = (): Promise<readonly number[]> => Promise.resolve([]);
  readTraffic = (): Promise<undefined> => Promise.resolve(undefined);
  ownedBy = (): Promise<(listener: Listener) => boolean> => {
    this.ownerLooks++;
    return Promise.resolve(({ inode }) => inode % 2 === 1);
  };
}

const listener = (port: number, inode: number): Listener => ({ port, inode, address: '127.0.0.1' });

describe('ports a backend listens on', () => {
  const api = { key: 'f#api', pids: () => Promise.resolve([7]) };
  let table: Table;
  let ports: ListenPorts;
  beforeEach(() => {
    table = new Table();
    ports = new ListenPorts(table);
  });
  const look = async (...listeners: Listener[]): Promise<readonly number[]> => {
    table.listeners = listeners;
    await ports.refresh([api]);
    return ports.of('f#api');
  };

  it('are its own, in order, each once', async () => {
    const both = [listener(9229, 1), listener(3000, 3), listener(3000, 5), listener(4000, 2)];
    assert.deepEqual(await look(...both), [3000, 9229]);
  });

  it('cost no look at its processes while no new listener appears', async () => {
    await look(listener(3000, 1), listener(4000, 2));
    await look(listener(3000, 1));
    await look(listener(3000, 1));
    assert.equal(table.ownerLooks, 1);
  });

  it('follow listeners that come and go', async () => {
    await look(listener(3000, 1));
    assert.deepEqual(await look(listener(3000, 1), listener(9229, 3)), [3000, 9229]);
    assert.deepEqual(await look(listener(9229, 3)), [9229]);
    assert.deepEqual(await look(listener(9229, 4)), [], 'the same port of another one');
  });

  it('stay as they were when the table cannot be read, and are forgotten with the backend', async () => {
    await look(listener(3000, 1));
    table.listeners = undefined;
    await ports.refresh([api]);
    assert.deepEqual(ports.of('f#api'), [3000]);
    ports.forget('f#api');
    assert.deepEqual(ports.of('f#api'), []);
  });

  it('are not listed where traffic cannot be seen anyway', async () => {
    table.trafficBlindness = 'no table';
    assert.deepEqual(await look(listener(3000, 1)), []);
    assert.equal(table.ownerLooks, 0);
  });
});
