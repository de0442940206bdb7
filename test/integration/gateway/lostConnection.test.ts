import assert from 'node:assert/strict';
import { RouteBench, turns } from '../../support/gatewayRoute';
import { answer, ask, recorder } from '../../support/scriptedHttp';
import { waitUntil } from '../../support/waitUntil';
import { ManualClock } from '../../unit/vscode/manualClock';

describe('a gateway whose way to the process is lost', function () {
  this.timeout(30_000);
  let bench = new RouteBench();
  beforeEach(() => (bench = new RouteBench()));
  afterEach(() => bench.dispose());

  it('never takes the rest of a body along to another connection', async () => {
    for (const method of ['GET', 'POST']) {
      const clock = new ManualClock();
      const { seen, serve } = recorder((socket, all) => {
        if (all.startsWith('POST /upload')) {
          if (all.includes('/next')) socket.destroy();
          else if (!all.includes('DELETE')) socket.write('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n');
        } else socket.write(answer('next'));
      });
      const { route, port } = await bench.route({}, clock);
      route.open(await bench.backend(serve));
      const client = await bench.client(port);
      client.socket.write('POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 22\r\n\r\n');
      await client.until(/401 No/);
      clock.advance(2_000);
      const next = ask('/next').replace('GET', method);
      client.socket.write(`DELETE /all HTTP/1.1\r\n${next}`);
      await client.until(/200 OK/);
      assert.deepEqual([seen.length, seen[1]], [2, next], method);
    }
  });

  it('sends all of several requests again that a closed connection has taken along, or says that they are lost', async () => {
    for (const [method, isRepeated] of [
      ['GET', true],
      ['POST', false],
    ] as const) {
      let connections = 0;
      const { seen, serve } = recorder((socket, all) => {
        const asked = all.match(/(GET|POST) /g)?.length ?? 0;
        if (connections === 1 && asked === 1) socket.write(answer('first'));
        else if (connections === 1 && asked === 3) socket.destroy();
        else if (connections > 1 && asked === 2) socket.write(answer('a') + answer('b'));
      });
      const { route, port } = await bench.route();
      route.open(
        await bench.backend((socket) => {
          connections++;
          serve(socket);
        }),
      );
      const client = await bench.client(port);
      client.socket.write(ask('/0'));
      await client.until(/first/);
      client.socket.write(ask('/a'));
      await waitUntil('the second request to arrive', () => seen[0]?.includes('/a') === true);
      const last = ask('/b').replace('GET', method);
      client.socket.write(last);
      if (isRepeated) {
        await client.until(/first[^]*a[^]*b$/);
        assert.equal(seen[1], ask('/a') + last);
      } else {
        await client.until(/first[^]*502 Bad Gateway/);
        await waitUntil('the end', () => client.ended);
        assert.equal(seen.length, 1);
      }
      await waitUntil('no lease', () => route.leases().length === 0);
    }
  });

  it('holds a request that the process took along when it went to sleep, and asks the next one', async () => {
    let connections = 0;
    const asleep: (() => void)[] = [];
    const { seen, serve } = recorder((socket, all) => {
      if (all.endsWith(ask('/lost'))) asleep.push(() => socket.destroy());
      else socket.write(answer(`answer ${connections}`));
    });
    const upstream = await bench.backend((socket) => {
      connections++;
      serve(socket);
    });
    const tested = await bench.route();
    tested.route.open(upstream);
    const client = await bench.client(tested.port);
    client.socket.write(ask('/first'));
    await client.until(/answer 1/);
    client.socket.write(ask('/lost'));
    await waitUntil('the request to arrive', () => asleep.length === 1);
    tested.route.hold();
    asleep[0]?.();
    await waitUntil('it to wait', () => tested.heldCount === 1);
    assert.equal(tested.route.leases().length, 0);
    client.socket.write(ask('/next'));
    await turns(20);
    assert.equal(seen.length, 1, 'nothing reaches what is not ready');
    const { seen: seenAwake, serve: serveAwake } = recorder((socket, all) => {
      if (all.endsWith(ask('/next'))) socket.write(answer('lost') + answer('next'));
    });
    tested.route.open(await bench.backend(serveAwake));
    await client.until(/lost[^]*next$/);
    assert.deepEqual(seenAwake, [ask('/lost') + ask('/next')]);
  });

  it('gives up to reach a process when its gate closes, and lets no client through to one that is not ready', async () => {
    const hello = 'hello, not HTTP\n';
    const upload = 'POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345';
    for (const close of ['hold', 'refuse', 'move'] as const) {
      const clock = new ManualClock();
      const tested = await bench.route({}, clock);
      const { route, port } = tested;
      const hidden = await bench.freePort();
      route.open(hidden);
      const [get, post, raw] = await Promise.all([bench.client(port), bench.client(port), bench.client(port)]);
      get.socket.write(ask('/a'));
      post.socket.write(upload);
      raw.socket.write(hello);
      // The process has died: all of them are refused, and will be dialled once more.
      await waitUntil('all to have been refused', () => route.leases().length === 3 && clock.pending === 4);
      if (close === 'refuse') {
        route.refuse({ status: 502, error: 'it crashed' }, false);
        route.answerHeld({ status: 502, error: 'it crashed' });
      } else if (close === 'hold') route.hold();
      const { seen, serve } = recorder((socket, all) => {
        if (all.endsWith('1234567890') || all === ask('/a')) socket.write(answer('up'));
        else if (all === hello) socket.write('hello, too');
      });
      const there = await bench.backend(serve, close === 'move' ? undefined : hidden);
      if (close === 'move') route.open(there);
      clock.advance(10_000);
      if (close === 'refuse') {
        for (const client of [get, post]) await client.until(/502 Bad Gateway[^]*it crashed/);
        await waitUntil('the reset', () => raw.closed);
        assert.equal(seen.length, 0);
        continue;
      }
      if (close === 'hold') {
        await waitUntil('all of them to wait', () => tested.heldCount === 3);
        await turns(20);
        assert.deepEqual([seen.length, route.leases().length], [0, 0], 'nothing reaches what is not ready');
        route.open(hidden);
      }
      post.socket.write('67890');
      await Promise.all([get.until(/up$/), post.until(/up$/), raw.until(/hello, too/)]);
      assert.deepEqual(seen.sort(), [ask('/a'), `${upload}67890`, hello].sort());
    }
  });
});
