import assert from 'node:assert/strict';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { RouteBench } from '../../support/gatewayRoute';
import { waitUntil } from '../../support/waitUntil';
import { ManualClock } from '../../unit/vscode/manualClock';
import { selfSigned } from '../net/selfSigned';

describe('a gateway in front of a backend that speaks TLS', function () {
  this.timeout(30_000);
  const bench = new RouteBench();
  afterEach(() => bench.dispose());

  it('counts a request as use although the server has sent its tickets, and an answer while it comes', async () => {
    const clock = new ManualClock();
    let say: ((text: string) => void) | undefined;
    const server = createServer(selfSigned(), (_request, response) => {
      say = (text) => response.write(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { route, port } = await bench.route({}, clock);
      route.open((server.address() as AddressInfo).port);
      let received = '';
      let tickets = 0;
      const request = get({ port, host: '127.0.0.1', rejectUnauthorized: false, agent: false }, (response) => {
        response.on('data', (bytes: Buffer) => (received += bytes.toString()));
        response.on('error', () => {});
      });
      request.on('error', () => {});
      request.on('socket', (socket: TLSSocket) => socket.on('session', () => tickets++));
      await waitUntil('the request and the tickets', () => say !== undefined && tickets > 0);
      for (const part of ['a', 'b', 'c']) {
        clock.advance(100_000);
        assert.equal(route.leases().length, 1, 'it waits');
        say?.(part);
        await waitUntil('a part of the answer', () => received.endsWith(part));
      }
      request.destroy();
      await waitUntil('the end of its use', () => route.leases().length === 0);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
