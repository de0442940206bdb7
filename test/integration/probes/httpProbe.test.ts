import assert from 'node:assert/strict';
import { createServer as createHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import type { HttpProbeDefinition } from '../../../src/model/backendDefinition';
import type { PortOwner } from '../../../src/platform/net/portHolder';
import type { ProbeOutcome } from '../../../src/platform/net/types';
import { createSystemClock } from '../../../src/platform/systemClock';
import { createProbe } from '../../../src/probes/createProbe';
import { probeContext } from '../../unit/probes/fakes';
import { closedPort, serve, track, type LoopbackServer } from '../net/loopbackServer';

const definition: HttpProbeDefinition = {
  kind: 'http',
  scheme: 'http',
  path: '/health',
  method: 'GET',
  status: [[200, 399]],
  headers: {},
};

function look(port: number, part: Partial<HttpProbeDefinition> = {}, timeoutMs = 2_000): Promise<ProbeOutcome> {
  return createProbe({ ...definition, ...part }, probeContext({ port })).probe(timeoutMs);
}

/** Answers each request with these bytes and keeps the connection as it is. */
const answering =
  (bytes: string) =>
  (socket: Socket): void => {
    socket.on('data', () => socket.write(bytes, 'latin1'));
  };

describe('http probe against servers of many habits', () => {
  let server: LoopbackServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  const against = async (habit: (socket: Socket) => void, host?: string): Promise<number> =>
    (server = await serve(habit, host === undefined ? {} : { host })).port;

  it('waits_out_a_503_while_warming_up', async () => {
    let warm = false;
    const port = await against((socket) =>
      socket.on('data', () => socket.end(`HTTP/1.1 ${warm ? '200 OK' : '503 Busy'}\r\ncontent-length: 0\r\n\r\n`)),
    );
    assert.deepEqual(await look(port), { ok: false, saw: 'HTTP 503', connected: true });
    warm = true;
    assert.deepEqual(await look(port), { ok: true, saw: 'HTTP 200', connected: true });
  });

  it('says_that_nobody_listens', async () => {
    assert.deepEqual(await look(await closedPort()), { ok: false, saw: 'connection refused' });
  });

  it('cuts_a_server_that_accepts_and_never_answers', async () => {
    const port = await against(() => {});
    assert.deepEqual(await look(port, {}, 150), {
      ok: false,
      saw: 'connected, but timed out after 150 ms',
      connected: true,
    });
  });

  it('cuts_a_server_that_answers_byte_by_byte', async () => {
    const port = await against((socket) => dribble(socket, `HTTP/1.1 200 OK${' '.repeat(900)}\r\n\r\n`));
    const startMs = performance.now();
    assert.equal((await look(port, {}, 200)).saw, 'connected, but timed out after 200 ms');
    assert.ok(performance.now() - startMs < 1_500);
  });

  it('is_answered_as_soon_as_the_status_line_is_there', async () => {
    const port = await against(answering('HTTP/1.1 200 OK\r\nX-Never-Ends: '));
    assert.equal((await look(port)).ok, true);
  });

  it('takes_a_redirect_for_an_answer_and_does_not_follow_it', async () => {
    const port = await against(answering('HTTP/1.1 302 Found\r\nlocation: /health\r\n\r\n'));
    assert.deepEqual(await look(port), { ok: true, saw: 'HTTP 302', connected: true });
    assert.equal(server?.connections, 1);
    assert.equal((await look(port, { status: [[200, 299]] })).ok, false);
  });

  it('tells_half_an_answer_from_an_answer', async () => {
    const port = await against((socket) => socket.on('data', () => socket.end('HTTP/1.1 20')));
    assert.equal((await look(port)).saw, 'the connection was closed in the middle of an answer');
  });

  it('tells_a_server_that_hangs_up', async () => {
    const port = await against((socket) => socket.on('data', () => socket.end()));
    assert.equal((await look(port)).saw, 'the connection was closed without an answer');
    await server?.close();
    const other = await against((socket) => socket.on('data', () => socket.resetAndDestroy()));
    assert.equal((await look(other)).saw, 'the connection was reset');
  });

  it('names_what_it_was_told_instead_of_http', async () => {
    const port = await against(answering('\u0000\u0007 no idea\n'));
    assert.deepEqual(await look(port), { ok: false, saw: 'not an HTTP answer: ".. no idea"', connected: true });
  });

  it('says_that_a_server_speaks_http2_only', async () => {
    server = await track(createHttp2());
    assert.equal((await look(server.port)).saw, 'not an HTTP/1.1 answer (it speaks HTTP/2 only)');
  });

  it('says_that_a_server_speaks_plain_http_when_asked_for_https', async () => {
    const port = await against(answering('HTTP/1.1 400 Bad Request\r\n\r\n'));
    assert.equal((await look(port, { scheme: 'https' })).saw, 'TLS failed: it speaks plain HTTP (use scheme "http")');
  });

  it('finds_a_server_that_listens_on_ipv6_only', async () => {
    const port = await against(answering('HTTP/1.1 200 OK\r\n\r\n'), '::1');
    assert.deepEqual(await look(port), { ok: true, saw: 'HTTP 200', connected: true });
  });

  it('looks_for_a_text_in_the_body_and_ends_when_it_is_there', async () => {
    const port = await against(answering('HTTP/1.1 200 OK\r\n\r\n{"status":"up"} and on and on'));
    assert.equal((await look(port, { body: '"up"' })).ok, true);
    await server?.close();
    const other = await against(answering('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndown'));
    assert.equal((await look(other, { body: 'up' })).saw, 'HTTP 200, but the body has no "up"');
  });

  it('reads_no_more_of_an_endless_body_than_its_cap', async () => {
    const port = await against((socket) =>
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        for (let i = 0; i < 32; i++) socket.write(Buffer.alloc(8 * 1024, 'x'));
      }),
    );
    assert.equal((await look(port, { body: 'never' })).saw, 'HTTP 200, but the body has no "never"');
  });
});

describe('http probe on a port that a stranger holds', () => {
  it('is_not_fooled_and_names_the_stranger', async () => {
    const server = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'));
    const holder = { port: server.port, pid: 4711, command: 'node old.js' };
    const context = probeContext({
      port: server.port,
      verifyOwner: () => Promise.resolve({ kind: 'stranger', holder }),
    });
    const outcome = await createProbe(definition, context).probe(1_000);
    await server.close();
    assert.deepEqual(outcome, {
      ok: false,
      saw: `127.0.0.1:${server.port} is held by pid 4711 (node old.js)`,
      holder,
    });
  });

  it('finds_our_own_server_on_the_other_address', async () => {
    const ours = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'), { host: '::1' });
    const theirs = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'), { port: ours.port });
    const context = probeContext({
      port: ours.port,
      verifyOwner: async (port, address) =>
        address === '::1' ? { kind: 'ours' } : { kind: 'stranger', holder: { port, pid: 4711 } },
    });
    const outcome = await createProbe(definition, context).probe(1_000);
    await Promise.all([ours.close(), theirs.close()]);
    assert.deepEqual(outcome, { ok: true, saw: 'HTTP 200', connected: true });
  });

  it('is_not_held_up_by_an_address_that_accepts_and_says_nothing', async () => {
    const ours = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'), { host: '::1' });
    const silent = await serve(() => {}, { port: ours.port });
    const context = probeContext({ port: ours.port, clock: createSystemClock() });
    const begunMs = performance.now();
    const outcome = await createProbe(definition, context).probe(30_000);
    await Promise.all([ours.close(), silent.close()]);
    assert.deepEqual(outcome, { ok: true, saw: 'HTTP 200', connected: true });
    assert.ok(performance.now() - begunMs < 20_000);
  });

  it('asks_whose_the_listener_is_when_it_is_connected_and_not_again', async () => {
    const server = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'));
    const asked: string[] = [];
    const ownsNow = (_port: number, address: string): boolean => asked.push(address) > 0;
    const verifyOwner = (): Promise<PortOwner> => Promise.reject(new Error('needless'));
    const outcome = await createProbe(definition, probeContext({ port: server.port, ownsNow, verifyOwner })).probe(
      1_000,
    );
    await server.close();
    assert.deepEqual(outcome, { ok: true, saw: 'HTTP 200', connected: true });
    assert.deepEqual(asked, ['127.0.0.1']);
  });

  it('is_not_fooled_when_the_quick_look_says_nothing', async () => {
    const server = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'));
    const holder = { port: server.port, pid: 4711 };
    const verifyOwner = (): Promise<PortOwner> => Promise.resolve({ kind: 'stranger', holder });
    const context = probeContext({ port: server.port, ownsNow: () => false, verifyOwner });
    const outcome = await createProbe(definition, context).probe(1_000);
    await server.close();
    assert.equal(outcome.ok, false);
    assert.deepEqual(outcome.holder, holder);
  });

  it('counts_an_answer_whose_owner_cannot_be_told_and_says_so', async () => {
    const server = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'));
    const context = probeContext({ port: server.port, verifyOwner: () => Promise.resolve({ kind: 'unknown' }) });
    const outcome = await createProbe(definition, context).probe(1_000);
    await server.close();
    assert.deepEqual(outcome, { ok: true, saw: 'HTTP 200 (whose it is cannot be told)', connected: true });
  });
});

function dribble(socket: Socket, text: string): void {
  let sent = 0;
  const timer = setInterval(() => socket.write(text.charAt(sent++)), 10);
  socket.on('close', () => clearInterval(timer));
}
