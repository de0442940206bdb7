import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { CancellationSource, neverCancelled } from '../../../src/base/cancellation';
import { httpOnce } from '../../../src/platform/net/httpOnce';
import { scanRows } from '../../../src/platform/net/procNetTcp';
import { connectOnce } from '../../../src/platform/net/tcpConnect';
import { closedPort, serve, track, type LoopbackServer } from './loopbackServer';
import { selfSigned } from './selfSigned';
import { until } from './until';

const limits = (timeoutMs: number): { timeoutMs: number; signal: typeof neverCancelled } => ({
  timeoutMs,
  signal: neverCancelled,
});

/** Rows of connections to the port, whatever their state; the listener itself is none. */
function rowsOf(port: number): number {
  const text = readFileSync('/proc/net/tcp', 'latin1');
  return scanRows(text, (_state, local, remote) => (local === port && remote !== 0) || remote === port).length;
}

describe('connectOnce', () => {
  let server: LoopbackServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it('connects_and_leaves_no_row_in_the_connection_table', async () => {
    server = await serve(() => {});
    const { port } = server;
    for (let i = 0; i < 20; i++) {
      assert.equal((await connectOnce({ address: '127.0.0.1', port }, limits(1_000))).kind, 'connected');
    }
    await until(
      () => rowsOf(port),
      (rows) => rows === 0,
    );
  });

  it('tells_a_refusal', async () => {
    const port = await closedPort();
    const result = await connectOnce({ address: '127.0.0.1', port }, limits(1_000));
    assert.deepEqual(result, { kind: 'refused', connected: false, saw: 'connection refused' });
  });

  it('never_takes_a_connection_to_itself_for_a_server', async function () {
    this.timeout(20_000);
    const port = await closedPort();
    const seen = new Set<string>();
    for (let i = 0; i < 2_000; i++) seen.add((await connectOnce({ address: '127.0.0.1', port }, limits(1_000))).kind);
    assert.ok(!seen.has('connected'), [...seen].join());
    assert.equal(rowsOf(port), 0);
  });

  it('ends_at_once_when_cancelled', async () => {
    const source = new CancellationSource();
    source.cancel();
    const port = await closedPort();
    const result = await connectOnce({ address: '127.0.0.1', port }, { timeoutMs: 60_000, signal: source });
    assert.deepEqual(result, { kind: 'cancelled', connected: false, saw: 'cancelled' });
  });

  it('tells_that_there_is_no_such_unix_socket', async () => {
    const result = await connectOnce({ socketPath: '/nonexistent/x.sock' }, limits(1_000));
    assert.equal(result.kind === 'refused' && result.saw, 'no such socket');
  });
});

describe('httpOnce', () => {
  const request = (port: number, scheme: 'http' | 'https' = 'http') =>
    ({ scheme, address: '127.0.0.1', port, method: 'GET', path: '/', headers: {} }) as const;

  for (const scheme of ['http', 'https'] as const) {
    it(`leaves no row behind after ${scheme}, though the server closes the connection`, async () => {
      const answer = createHttpServer((_, response) => response.end('fine'));
      const web = scheme === 'http' ? answer : createTlsServer(selfSigned(), (_, response) => response.end('fine'));
      const server = await track(web);
      try {
        const { port } = server;
        for (let i = 0; i < 10; i++) {
          assert.deepEqual(await httpOnce(request(port, scheme), limits(5_000)), { kind: 'answered', status: 200 });
        }
        await until(
          () => rowsOf(port),
          (rows) => rows === 0,
        );
      } finally {
        await server.close();
      }
    });
  }

  it('introduces_itself_and_sends_what_was_asked', async () => {
    const heads: string[] = [];
    const server = await serve((socket) =>
      socket.on('data', (data) => {
        heads.push(data.toString());
        socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      }),
    );
    const asked = {
      ...request(server.port),
      method: 'head',
      path: '/ä b?c=1',
      headers: { Host: 'api.test', 'X-A': '1' },
    };
    await httpOnce(asked, limits(1_000));
    await server.close();
    assert.equal(
      heads.join(''),
      [
        'HEAD /%C3%A4%20b?c=1 HTTP/1.1',
        'host: api.test',
        'user-agent: local-backends-probe',
        'accept: */*',
        'x-a: 1',
        'connection: close',
        '',
        '',
      ].join('\r\n'),
    );
  });

  it('does_not_send_headers_that_would_smuggle_a_line', async () => {
    const asked = { ...request(await closedPort()), headers: { 'x-a': '1\r\nx-b: 2' } };
    const result = await httpOnce(asked, limits(1_000));
    assert.match(result.kind === 'failed' ? result.saw : '', /cannot be sent/);
  });
});
