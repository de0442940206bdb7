import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { RouteBench, turns } from '../../support/gatewayRoute';
import { answer, ask, recorder } from '../../support/scriptedHttp';
import { waitUntil } from '../../support/waitUntil';
import { ManualClock } from '../../unit/vscode/manualClock';

const webSocket = ['Connection: Upgrade', 'Upgrade: websocket'];

describe('the route of a gateway', function () {
  this.timeout(30_000);
  let bench = new RouteBench();
  beforeEach(() => (bench = new RouteBench()));
  afterEach(() => bench.dispose());

  it('answers pipelined requests in order, and refuses what follows them only then', async () => {
    const { seen, serve } = recorder((socket, all) => {
      if (all.includes('/b')) socket.write(answer('first') + answer('second'));
    });
    const { route, port } = await bench.route();
    route.open(await bench.backend(serve));
    const client = await bench.client(port);
    client.socket.write(`${ask('/a')}${ask('/b')}not a request\r\n\r\n`);
    await client.until(/400 Bad Request[^]*\}/);
    assert.match(client.received, /^HTTP\/1\.1 200[^]*first[^]*second[^]*HTTP\/1\.1 400/);
    assert.doesNotMatch(seen.join(''), /not a request/);
  });

  it('lets no request hide in another one', async () => {
    const { seen, serve } = recorder((socket) => socket.write(answer('ok')));
    const { route, port } = await bench.route();
    route.open(await bench.backend(serve));
    const body = `0\r\n\r\n${ask('/hidden')}`;
    for (const fields of [
      [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'],
      [`Content-Length: ${body.length}`, 'Transfer-Encoding : chunked'],
      [`Content-Length: ${body.length}`, 'Content-Length: 0'],
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    ]) {
      const client = await bench.client(port);
      client.socket.write(['POST / HTTP/1.1', 'Host: localhost', ...fields, '', body].join('\r\n'));
      await client.until(/^HTTP\/1\.1 400 /);
    }
    assert.equal(seen.join(''), '');
  });

  it('does not send the rest of a body as a request of its own', async () => {
    const { seen, serve } = recorder((socket, all) => {
      if (all.startsWith('POST')) socket.end(answer('early'));
      else socket.write(answer('wrong'));
    });
    const { route, port } = await bench.route();
    route.open(await bench.backend(serve));
    const client = await bench.client(port);
    client.socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n');
    await client.until(/early/);
    await waitUntil('the connection to end', () => client.ended);
    client.socket.write(ask('/hidden'));
    client.socket.end();
    await waitUntil('the connection to close', () => client.closed);
    assert.doesNotMatch(seen.join(''), /hidden/);
  });

  it('puts no answer of its own into one that has begun', async () => {
    const { serve } = recorder((socket, all) => {
      if (all.includes('/b')) socket.end(`${answer('first')}HTTP/1.1 200 OK\r\nContent-Le`);
    });
    const { route, port } = await bench.route();
    route.open(await bench.backend(serve));
    const client = await bench.client(port);
    client.socket.write(ask('/a') + ask('/b'));
    await waitUntil('the connection to close', () => client.closed);
    assert.doesNotMatch(client.received, /502|by/);
  });

  it('asks again when the server closed a connection that nothing was said on', async () => {
    let connections = 0;
    const port = await bench.backend((socket) => {
      if (++connections === 1) socket.end();
      else socket.on('data', () => socket.write(answer('hello')));
    });
    const tested = await bench.route();
    tested.route.open(port);
    const client = await bench.client(tested.port);
    await waitUntil('the first connection to be there', () => connections === 1);
    await turns(20);
    client.socket.write(ask('/'));
    await client.until(/hello/);
  });

  it('sends what must not be sent twice over no connection that may be about to end', async () => {
    const clock = new ManualClock();
    const { seen, serve } = recorder((socket, all) => {
      const asked = all.match(/(GET|POST) /g)?.length ?? 0;
      // As a server whose time for a silent connection is over when the next request is on its way.
      if (asked > 1) socket.destroy();
      else socket.write(answer(all.slice(0, 4)));
    });
    const { route, port } = await bench.route({}, clock);
    route.open(await bench.backend(serve));
    const client = await bench.client(port);
    for (const method of ['GET', 'POST', 'POST', 'GET']) {
      client.received = '';
      client.socket.write(ask('/').replace('GET', method));
      await client.until(new RegExp(`200 OK[^]*${method}`));
      clock.advance(1_000);
    }
    assert.deepEqual(
      seen.map((all) => all.match(/(GET|POST) /g)?.join('')),
      ['GET ', 'POST ', 'POST GET ', 'GET '],
      'a GET that was lost is sent again',
    );
  });

  it('holds who comes through a gate that closes again, once', async () => {
    const { serve } = recorder((socket) => socket.write(answer('hello')));
    const tested = await bench.route();
    const { route, port } = tested;
    const upstream = await bench.backend(serve);
    const clients = await Promise.all(Array.from({ length: 40 }, () => bench.client(port)));
    for (const client of clients) client.socket.write(ask('/'));
    await waitUntil('all to be held', () => tested.heldCount === 40);
    route.open(upstream);
    route.hold();
    assert.equal(tested.heldCount, 40, 'who was on the way to the process waits as before');
    await turns(50);
    const before = tested.heldChanges;
    await turns(200);
    assert.equal(tested.heldChanges, before, 'nobody is let through and held again');
    assert.ok(clients.every(({ received }) => received === ''));
    route.open(upstream);
    await Promise.all(clients.map((client) => client.until(/hello/)));
  });

  it('does not wake for a foreign page that came while it fell asleep', async () => {
    const tested = await bench.route();
    const { route, port, wakes } = tested;
    const foreign = await bench.client(port);
    foreign.socket.write(ask('/foreign', 'Origin: https://example.test'));
    await waitUntil('the page to be held', () => tested.heldCount === 1);
    route.fallAsleep();
    await foreign.until(/503 Service Unavailable[^]*asleep/);
    assert.deepEqual(wakes, []);
    const own = await bench.client(port);
    own.socket.write(ask('/own', 'Origin: http://localhost:5173'));
    await waitUntil('a wake', () => wakes.length > 0);
    assert.deepEqual(wakes, ['GET /own']);
  });

  it('reads no more from one who asks and asks and never reads', async () => {
    const { route, port } = await bench.route();
    route.fallAsleep();
    const { socket } = await bench.client(port);
    socket.pause();
    const total = 24 * 1024 * 1024;
    const one = ask('/health');
    socket.write(one.repeat(Math.ceil(total / one.length)));
    const sent = (): number => socket.bytesWritten - socket.writableLength;
    let last = -1;
    await waitUntil('the reading to stop', async () => {
      const before = last;
      last = sent();
      await turns(300);
      return last === before && sent() === last;
    });
    assert.ok(socket.writableLength > 0 || sent() < total, `${sent()} of ${total} bytes were read`);
  });

  it('counts a request until its answer, a stream while it is open', async () => {
    const { serve } = recorder((socket, all) => {
      if (all.endsWith('tick')) socket.write('tock');
      else if (all.includes('websocket')) socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      else if (all.includes('/events')) socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
    });
    for (const openStreams of ['hold', 'ignore'] as const) {
      const { route, port } = await bench.route({ openStreams });
      route.open(await bench.backend(serve));
      const words = (): string =>
        route
          .leases()
          .map((lease) => lease.words)
          .join();
      const socket = await bench.client(port);
      socket.socket.write(ask('/hmr', ...webSocket));
      await socket.until(/101/);
      socket.socket.write('tick');
      await socket.until(/tock$/);
      const isHeld = openStreams === 'hold';
      assert.equal(words(), isHeld ? 'a WebSocket on /hmr' : '');
      socket.socket.destroy();
      await waitUntil('no lease', () => words() === '');
      const events = await bench.client(port);
      events.socket.write(ask('/events?token=1'));
      await events.until(/event-stream/);
      assert.equal(words(), isHeld ? 'an event stream of /events' : '');
      events.socket.resetAndDestroy();
      await waitUntil('no lease', () => words() === '');
    }
  });

  it('ends the lease of a client that left without an answer', async () => {
    const clock = new ManualClock();
    const { serve, seen } = recorder((socket, all) => {
      if (all.includes('/events')) socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
    });
    const { route, port } = await bench.route({}, clock);
    route.open(await bench.backend(serve));
    const left = await bench.client(port);
    left.socket.write(ask('/never'));
    await waitUntil('the request to arrive', () => seen.join('').includes('/never'));
    left.socket.resetAndDestroy();
    await waitUntil('the lease to end with a reset', () => route.leases().length === 0);
    for (const [path, stays] of [
      ['/never', true],
      ['/events', false],
    ] as const) {
      const ended = await bench.client(port);
      ended.socket.write(ask(path));
      const kind = stays ? 'http' : 'eventStream';
      await waitUntil('the request to be counted', () => route.leases()[0]?.kind === kind);
      ended.socket.end();
      await waitUntil('its end to be known', () => clock.pending > 0);
      assert.equal(route.leases().length, 1, 'it may still read');
      clock.advance(30_000);
      assert.equal(route.leases().length, stays ? 1 : 0, 'it may wait for a long time, but not for a stream');
      clock.advance(570_000);
      assert.equal(route.leases().length, 0);
    }
  });

  it('answers a client that ended its side, and ends then', async () => {
    const { serve } = recorder((socket) => socket.write(answer('hello')));
    const { route, port } = await bench.route();
    route.open(await bench.backend(serve));
    const client = await bench.client(port);
    client.socket.end(ask('/'));
    await client.until(/hello/);
    await waitUntil('the end', () => client.ended);
  });

  it('passes other protocols through, with half-closes, and counts them until they are answered', async () => {
    let reply = (): void => {};
    const upstream = await bench.backend((socket) => {
      let all = '';
      socket.on('data', (bytes) => (all += bytes.toString()));
      socket.on('end', () => (reply = () => socket.end(`echo ${all}`)));
    });
    const { route, port } = await bench.route();
    route.open(upstream);
    const client = await bench.client(port);
    client.socket.write('hello');
    client.socket.end(' there');
    await waitUntil('the server to have all', () => {
      reply();
      return client.ended;
    });
    assert.equal(client.received, 'echo hello there');
    assert.equal(route.leases().length, 0);
  });

  it('wakes for a mere connection where a server speaks first', async () => {
    const upstream = await bench.backend((socket) => socket.write('220 welcome\r\n'));
    const { route, port, wakes } = await bench.route({ wakeOn: 'connect' });
    route.fallAsleep();
    const client = await bench.client(port);
    await waitUntil('the wake', () => wakes.length === 1);
    assert.deepEqual(wakes, ['a TCP connection']);
    route.open(upstream);
    await client.until(/^220 welcome/);
  });

  it('keeps no more of a large answer than a slow reader takes, and loses none of it', async () => {
    const size = 48 * 1024 * 1024;
    let server: Socket | undefined;
    const upstream = await bench.backend((socket) => {
      server = socket;
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
        socket.write(Buffer.alloc(size, 'x'));
      });
    });
    const { route, port } = await bench.route();
    route.open(upstream);
    const { socket } = await bench.client(port);
    socket.removeAllListeners('data').pause();
    socket.write(ask('/large'));
    let last = -1;
    await waitUntil('the server to be stopped', async () => {
      const before = last;
      last = server?.bytesWritten === undefined ? -1 : server.bytesWritten - server.writableLength;
      await turns(300);
      return last > 0 && last === before;
    });
    assert.ok((server?.writableLength ?? 0) > 0 && last < size, 'it waits for the reader');
    assert.equal(route.leases().length, 1);
    let received = 0;
    socket.on('data', (text: string) => (received += text.length));
    socket.resume();
    await waitUntil('all of it', () => received > size, 20_000);
    await waitUntil('the end of the lease', () => route.leases().length === 0);
  });

  it('holds so many of 300 clients, answers the others, and survives those that make no sense', async () => {
    const { serve } = recorder((socket) => socket.write(answer('hello')));
    const tested = await bench.route();
    const { route, port } = tested;
    route.fallAsleep();
    const odd = await Promise.all(
      ['', 'GET / HT', '\x16\x03\x01', 'GET / HTTP/1.1\r\n bad\r\n\r\n'].map(async (text) => {
        const client = await bench.client(port);
        client.socket.write(text);
        return client;
      }),
    );
    await waitUntil('the TLS client to be held', () => tested.heldCount === 1);
    const clients = await Promise.all(Array.from({ length: 300 }, () => bench.client(port)));
    for (const client of clients) client.socket.write(ask('/'));
    const refused = (): number => clients.filter(({ received }) => received.startsWith('HTTP/1.1 503')).length;
    await waitUntil('the answers', () => refused() === 45);
    assert.equal(tested.heldCount, 256);
    await odd[3]?.until(/^HTTP\/1\.1 400/);
    for (const { socket } of odd) socket.resetAndDestroy();
    await waitUntil('the TLS client to be forgotten', () => tested.heldCount === 255);
    route.open(await bench.backend(serve));
    await waitUntil('the others', () => clients.every(({ received }) => /hello|503/.test(received)));
    assert.equal(refused(), 45);
  });
});
