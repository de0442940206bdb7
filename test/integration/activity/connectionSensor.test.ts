import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { ConnectionSensor, type ConnectionActivity } from '../../../src/activity/connectionSensor';
import { neverCancelled } from '../../../src/base/cancellation';
import { httpOnce } from '../../../src/platform/net/httpOnce';
import { ProcSocketTable } from '../../../src/platform/net/procSocketTable';
import { serve, type LoopbackServer } from '../net/loopbackServer';
import { until } from '../net/until';

describe('ConnectionSensor on real connections', () => {
  let server: LoopbackServer;
  let sensor: ConnectionSensor;
  beforeEach(async () => {
    sensor = new ConnectionSensor(new ProcSocketTable(1));
    server = await serve((socket) => {
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n')).on('end', () => socket.end());
    });
  });
  afterEach(() => server.close());
  const look = async (): Promise<ConnectionActivity | undefined> =>
    (await sensor.sample([{ key: 'f#api', ports: [server.port], pids: () => Promise.resolve([]) }]))?.get('f#api');

  it('holds_while_a_connection_is_open_and_tells_its_end', async () => {
    const client = connect(server.port, '127.0.0.1');
    await once(client, 'connect');
    assert.equal((await look())?.hold?.reason, '1 open connection');
    client.end();
    const after = await until(look, (seen) => seen?.established === 0);
    assert.equal(after?.hold, undefined);
    assert.ok((after?.lastActivityAgoMs ?? Infinity) < 1_000);
  });

  it('sees_a_request_that_came_and_went_between_two_looks', async () => {
    assert.equal((await look())?.lastActivityAgoMs, undefined);
    const response = await fetch(`http://127.0.0.1:${server.port}/`, { headers: { connection: 'close' } });
    await response.text();
    const seen = await until(look, (activity) => activity?.established === 0);
    assert.ok((seen?.lastActivityAgoMs ?? Infinity) < 1_000);
  });

  it('sees_nothing_of_our_own_probes', async () => {
    const request = {
      scheme: 'http',
      address: '127.0.0.1',
      port: server.port,
      method: 'GET',
      path: '/',
      headers: {},
    } as const;
    for (let i = 0; i < 5; i++) await httpOnce(request, { timeoutMs: 1_000, signal: neverCancelled });
    await until(look, (seen) => seen?.established === 0);
    assert.deepEqual(
      await new ConnectionSensor(new ProcSocketTable(1)).sample([
        { key: 'f#api', ports: [server.port], pids: () => Promise.resolve([]) },
      ]),
      new Map([['f#api', { established: 0 }]]),
    );
  });
});
