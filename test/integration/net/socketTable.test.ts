import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PortHolders } from '../../../src/platform/net/portHolder';
import { ProcSocketTable } from '../../../src/platform/net/procSocketTable';
import type { PortTraffic } from '../../../src/platform/net/types';
import { serve, type LoopbackServer } from './loopbackServer';
import { Stranger } from './stranger';
import { until } from './until';

/** This process is the client of these tests, so another one has to pose as the one that probes. */
const somebodyElse = 1;

async function open(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect(port, host);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

describe('ProcSocketTable', () => {
  const table = new ProcSocketTable(somebodyElse);
  let server: LoopbackServer;
  const clients: Socket[] = [];
  const trafficOf = async (from = table, ownPids: readonly number[] = []): Promise<PortTraffic | undefined> =>
    (await from.readTraffic([{ port: server.port, ownPids: () => Promise.resolve(ownPids) }]))?.get(server.port);

  beforeEach(async () => {
    server = await serve((socket) => socket.on('end', () => socket.end()).resume());
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.resetAndDestroy();
    await server.close();
  });

  it('counts_open_connections_until_they_end', async () => {
    for (let i = 0; i < 3; i++) clients.push(await open(server.port));
    assert.equal((await trafficOf())?.established, 3);
    clients.pop()?.resetAndDestroy();
    await until(trafficOf, (seen) => seen?.established === 2);
  });

  it('tells_the_age_of_a_connection_that_was_gone_before_the_look', async () => {
    const client = await open(server.port);
    const closed = once(client, 'close');
    client.end();
    await closed;
    const closedAtMs = performance.now();
    const seen = await until(trafficOf, (traffic) => (traffic?.lastClosedAgoMs ?? 0) >= 1_000);
    const ratio = (seen?.lastClosedAgoMs ?? 0) / (performance.now() - closedAtMs);
    assert.ok(ratio > 0.5 && ratio < 2, `${ratio} of what passed`);
    assert.equal(seen?.established, 0);
  });

  it('does_not_count_the_connections_of_the_process_that_probes', async () => {
    clients.push(await open(server.port));
    assert.equal((await trafficOf(new ProcSocketTable(process.pid)))?.established, 0);
  });

  it('does_not_count_the_connections_a_backend_makes_to_itself', async () => {
    const backend = await Stranger.start();
    try {
      await backend.connectToItself();
      clients.push(await open(backend.port));
      const established = async (ownPids: readonly number[]): Promise<number | undefined> => {
        const traffic = await table.readTraffic([{ port: backend.port, ownPids: () => Promise.resolve(ownPids) }]);
        return traffic?.get(backend.port)?.established;
      };
      assert.equal(await established([]), 2);
      assert.equal(await established([backend.pid]), 1);
    } finally {
      await backend.end();
    }
  });

  it('asks_for_the_processes_of_a_backend_only_when_somebody_is_connected', async () => {
    let asked = 0;
    const ownPids = (): Promise<readonly number[]> => Promise.resolve([asked++]);
    await table.readTraffic([{ port: server.port, ownPids }]);
    assert.equal(asked, 0);
    clients.push(await open(server.port));
    await table.readTraffic([{ port: server.port, ownPids }]);
    assert.equal(asked, 1);
  });

  it('lists_listeners_of_both_families_with_their_owner', async () => {
    const v6 = await serve(() => {}, { host: '::1' });
    try {
      const listeners = (await table.readListeners()) ?? [];
      const mine = listeners.filter(await table.ownedBy([process.pid]));
      assert.deepEqual(mine.map(({ address, port }) => `${address} ${port}`).sort(), [
        `127.0.0.1 ${server.port}`,
        `::1 ${v6.port}`,
      ]);
      assert.deepEqual(await table.ownersOf(mine), [process.pid]);
    } finally {
      await v6.close();
    }
  });

  it('answers_undefined_where_there_is_no_table', async () => {
    const none = new ProcSocketTable(somebodyElse, '/nonexistent');
    assert.equal(await none.readListeners(), undefined);
    assert.equal(await none.readTraffic([{ port: 1, ownPids: () => Promise.resolve([]) }]), undefined);
  });
});

describe('PortHolders on real processes', () => {
  const holders = new PortHolders(new ProcSocketTable(process.pid), (pid) =>
    Promise.resolve({ startTime: '1', command: `command of ${pid}` }),
  );
  let stranger: Stranger;
  before(async () => (stranger = await Stranger.start()));
  after(() => stranger.end());

  it('names_the_process_that_listens', async () => {
    assert.deepEqual(await holders.findHolder(stranger.port), {
      port: stranger.port,
      pid: stranger.pid,
      startTime: '1',
      command: `command of ${stranger.pid}`,
    });
  });

  it('tells_ours_from_a_stranger', async () => {
    assert.equal((await holders.verifyOwner(stranger.port, [stranger.pid])).kind, 'ours');
    assert.equal((await holders.verifyOwner(stranger.port, [process.pid])).kind, 'stranger');
  });

  it('finds_the_port_a_process_took_instead', async () => {
    assert.deepEqual(await holders.listeningPortsOf([stranger.pid]), [stranger.port]);
  });
});
