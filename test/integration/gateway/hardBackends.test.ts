import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { useBroker } from '../../support/brokerHarness';
import { get } from '../../support/gatewayClients';
import { RouteBench, turns } from '../../support/gatewayRoute';
import { useLeakCheck } from '../../support/leakCheck';
import { waitUntil } from '../../support/waitUntil';
import type { BackendView } from '../../../src/model/snapshot';

const megabyte = 1024 * 1024;
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const silent = `
const { createServer } = require('node:net');
createServer((socket) => socket.on('error', () => {}).resume()).listen(Number(process.env.PORT), '127.0.0.1');
`;
const post = (size: number): string => `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`;

describe('a gateway in front of a backend that makes it hard', function () {
  this.timeout(40_000);
  let bench = new RouteBench();
  beforeEach(() => (bench = new RouteBench()));
  afterEach(() => bench.dispose());

  it('keeps no more of a large upload than a slow backend takes, and loses none of it', async () => {
    const size = 64 * megabyte;
    let server: Socket | undefined;
    let received = 0;
    const upstream = await bench.backend((socket) => {
      server = socket;
      socket.once('data', (bytes: Buffer) => {
        received = bytes.length;
        socket.pause().on('data', (more: Buffer) => {
          received += more.length;
          if (received === post(size).length + size) socket.write(answer);
        });
      });
    });
    const { route, port } = await bench.route();
    route.open(upstream);
    const client = await bench.client(port);
    client.socket.write(post(size));
    client.socket.write(Buffer.alloc(size, 'x'));
    const sent = (): number => client.socket.bytesWritten - client.socket.writableLength;
    await waitUntil('the upload to begin', () => server !== undefined && received > 0);
    let last = -1;
    await waitUntil('the client to be stopped', async () => {
      const before = last;
      last = sent();
      await turns(300);
      return last === before && sent() === last;
    });
    assert.ok(client.socket.writableLength > 0, `it waits for the backend, which has ${received} of ${last} bytes`);
    assert.equal(route.leases().length, 1);
    server?.resume();
    await client.until(/ok$/);
    assert.equal(received, post(size).length + size);
    await waitUntil('the end of the lease', () => route.leases().length === 0);
  });

  it('waits with its clients for one that accepts and never answers, and lets go of it with them', async () => {
    const sockets: Socket[] = [];
    let asked = 0;
    const upstream = await bench.backend((socket) => {
      sockets.push(socket);
      socket.on('data', () => asked++);
    });
    const { route, port } = await bench.route();
    route.open(upstream);
    const clients = await Promise.all(Array.from({ length: 3 }, () => bench.client(port)));
    for (const { socket } of clients) socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await waitUntil('all of them to have asked', () => asked === 3);
    assert.equal(route.leases().length, 3);
    clients[0]?.socket.resetAndDestroy();
    await waitUntil(
      'the first to be let go of',
      () => sockets.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length === 1,
    );
    assert.equal(route.leases().length, 2);
    for (const socket of sockets) socket.destroy();
    for (const client of clients.slice(1)) await client.until(/^HTTP\/1\.1 502 [^]*gave no answer/);
    assert.equal(route.leases().length, 0);
  });
});

describe('a real backend that accepts and never answers', function () {
  this.timeout(40_000);
  const broker = useBroker();
  useLeakCheck(10_000);

  it('stays awake for the client that waits, which is told when a person stops it', async () => {
    const b = broker();
    b.write('server.cjs', silent);
    const ready = { tcp: true };
    await b.declare({
      api: { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready, idleTimeout: '1s' },
    });
    const { publicPort = 0 } = await b.start('api');
    const waiting = get(publicPort, '/never');
    const askedMs = performance.now();
    const isHeld = (view: BackendView): boolean =>
      view.idle?.holds[0]?.reason.startsWith('GET /never in flight') === true;
    await b.waitFor('api', isHeld);
    const awake = await b.waitFor('api', (view) => isHeld(view) && performance.now() > askedMs + 2_000);
    assert.equal(awake.state, 'ready');
    await b.stop('api');
    const told = await waiting;
    assert.equal(told.status, 502);
    assert.match(told.body, /gave no answer/);
  });
});
