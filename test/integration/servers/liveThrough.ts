import assert from 'node:assert/strict';
import { isAlive, type BrokerHarness } from '../../support/brokerHarness';
import type { TestWindow } from '../../support/testWindow';
import { isPortFree } from '../../../src/platform/net/freePort';
import { requests } from '../../../src/protocol/messages';

/**
 * The whole life of a real server through a real broker: ready, asleep when idle, ready again, stopped. `asks` talks
 * to it by its own protocol; after each end neither its processes nor its port may be left. Where a gateway stands in front,
 * that is the port behind it, until the stop frees both.
 */
export async function liveThrough(
  harness: BrokerHarness,
  definition: object,
  asks: (port: number) => Promise<void>,
): Promise<void> {
  const window = harness.window();
  await window.declare({ server: { port: 'auto', idleTimeout: '700ms', ...definition } });
  const first = await startAndAsk(window, asks);
  await window.waitFor('server', 'quiesced');
  await assertGone(first, first.upstreamPort);
  const second = await startAndAsk(window, asks);
  assert.equal(second.port, first.port);
  const stopped = await window.stop('server');
  assert.equal(stopped.state, 'stopped');
  await assertGone(second, second.upstreamPort);
  await assertGone(second, second.port);
}

interface Life {
  readonly port: number;
  readonly upstreamPort: number;
  readonly pids: readonly number[];
}

async function startAndAsk(window: TestWindow, asks: (port: number) => Promise<void>): Promise<Life> {
  const { state, publicPort: port, upstreamPort } = await window.start('server');
  assert.equal(state, 'ready');
  assert.ok(port !== undefined && upstreamPort !== undefined);
  const { pids } = await window.link.request(requests.processTree, { key: window.key('server') });
  assert.ok(pids.length > 0);
  await asks(port);
  return { port, upstreamPort, pids };
}

async function assertGone({ pids }: Life, port: number): Promise<void> {
  assert.deepEqual(pids.filter(isAlive), [], 'processes are left');
  assert.equal(await isPortFree(port), true, `port ${port} is still taken`);
}
