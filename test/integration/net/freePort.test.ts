import assert from 'node:assert/strict';
import { allocatePort, isPortFree, managedPorts } from '../../../src/platform/net/freePort';
import { ProcSocketTable } from '../../../src/platform/net/procSocketTable';
import { closedPort, serve } from './loopbackServer';

describe('isPortFree', () => {
  const table = new ProcSocketTable(process.pid);

  for (const host of ['127.0.0.1', '::1', '0.0.0.0', '::', '127.0.0.2']) {
    it(`sees a listener on ${host}`, async () => {
      const server = await serve(() => {}, { host });
      try {
        assert.equal(await isPortFree(server.port, table), false);
      } finally {
        await server.close();
      }
    });
  }

  for (const host of ['127.0.0.1', '::1', '0.0.0.0', '::']) {
    it(`sees a listener on ${host} without a table too, by trying`, async () => {
      const server = await serve(() => {}, { host });
      try {
        assert.equal(await isPortFree(server.port), false);
      } finally {
        await server.close();
      }
    });
  }

  it('finds_a_closed_port_free_again_and_again_and_leaves_it_so', async () => {
    const port = await closedPort();
    assert.equal(await isPortFree(port, table), true);
    assert.equal(await isPortFree(port, table), true);
    const server = await serve(() => {}, { port });
    await server.close();
  });
});

describe('allocatePort', () => {
  it('gives_a_port_below_the_ephemeral_range_on_which_a_server_can_listen', async () => {
    const port = await allocatePort((candidate) => isPortFree(candidate));
    assert.ok(port !== undefined && port >= managedPorts.first && port <= managedPorts.last);
    await (await serve(() => {}, { port })).close();
  });
});
