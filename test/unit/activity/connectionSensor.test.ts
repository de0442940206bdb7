import assert from 'node:assert/strict';
import { ConnectionSensor } from '../../../src/activity/connectionSensor';
import type { SocketTable } from '../../../src/platform/net/socketTable';
import type { PortTraffic } from '../../../src/platform/net/types';

describe('ConnectionSensor', () => {
  let traffic: ReadonlyMap<number, PortTraffic> | undefined;
  let sensor: ConnectionSensor;
  let listening: readonly number[];
  beforeEach(() => {
    listening = [];
    const table: SocketTable = {
      trafficBlindness: undefined,
      readListeners: () => Promise.resolve(listening.map((port) => ({ port, inode: port, address: '127.0.0.1' }))),
      ownedBy: () => Promise.resolve(() => true),
      clientPid: () => Promise.resolve(undefined),
      ownersOf: () => Promise.resolve([]),
      readTraffic: () => Promise.resolve(traffic),
    };
    sensor = new ConnectionSensor(table);
  });
  const backend = { key: 'f#api', ports: [3000, 3001], pids: () => Promise.resolve([7]) };
  const look = async (...seen: PortTraffic[]): Promise<unknown> => {
    traffic = new Map(seen.map((each, i) => [3000 + i, each]));
    return (await sensor.sample([backend]))?.get('f#api');
  };

  it('holds_a_backend_with_open_connections_and_says_how_many', async () => {
    const hold = { kind: 'connection', reason: '3 open connections' };
    assert.deepEqual(await look({ established: 1 }, { established: 2 }), {
      established: 3,
      hold,
      lastActivityAgoMs: 0,
    });
    assert.deepEqual(await look({ established: 1 }), {
      established: 1,
      hold: { kind: 'connection', reason: '1 open connection' },
      lastActivityAgoMs: 0,
    });
  });

  it('tells_when_a_connection_that_came_and_went_was_closed', async () => {
    const seen = await look({ established: 0, lastClosedAgoMs: 9_000 }, { established: 0, lastClosedAgoMs: 4_000 });
    assert.deepEqual(seen, { established: 0, lastActivityAgoMs: 4_000 });
  });

  it('sees_nothing_where_nothing_was', async () => {
    assert.deepEqual(await look({ established: 0 }), { established: 0 });
  });

  it('counts_the_end_of_a_reset_connection_from_the_look_that_missed_it', async () => {
    await look({ established: 1 });
    assert.deepEqual(await look({ established: 0 }), { established: 0, lastActivityAgoMs: 0 });
    assert.deepEqual(await look({ established: 0 }), { established: 0 });
  });

  it('looks_at_every_port_its_processes_listen_on_and_names_those_nobody_declared', async () => {
    listening = [3002, 3000];
    const seen = await look({ established: 1 }, { established: 0 }, { established: 1 });
    const hold = { kind: 'connection', reason: '2 open connections (port 3002)' };
    assert.deepEqual(seen, { established: 2, hold, lastActivityAgoMs: 0 });
    assert.equal(
      sensor.observed(backend),
      'open and recently closed connections to ports 3000, 3001, 3002, not what they carry',
    );
  });

  it('sees_what_goes_round_a_gateway_but_not_the_ends_of_its_own_connections', async () => {
    const fronted = { ...backend, ports: [], frontedPort: 3000 };
    const at = async (seen: PortTraffic): Promise<unknown> => {
      traffic = new Map([[3000, seen]]);
      return (await sensor.sample([fronted]))?.get('f#api');
    };
    listening = [3000];
    assert.deepEqual(await at({ established: 0, lastClosedAgoMs: 10 }), { established: 0 });
    const hold = { kind: 'connection', reason: '1 open connection (port 3000)' };
    assert.deepEqual(await at({ established: 1 }), { established: 1, hold, lastActivityAgoMs: 0 });
    assert.equal(
      sensor.observed(fronted),
      'what passes through its gateway; connections that go round it to port 3000',
    );
  });

  it('remembers_the_others_when_only_some_are_looked_at', async () => {
    await look({ established: 1 });
    await sensor.sample([]);
    assert.deepEqual(await look({ established: 0 }), { established: 0, lastActivityAgoMs: 0 });
  });

  it('forgets_a_backend_that_was_stopped', async () => {
    await look({ established: 1 });
    sensor.forget('f#api');
    assert.deepEqual(await look({ established: 0 }), { established: 0 });
  });

  it('does_not_take_an_unreadable_table_for_silence', async () => {
    traffic = undefined;
    assert.equal(await sensor.sample([backend]), undefined);
  });
});
