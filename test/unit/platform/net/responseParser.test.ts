import assert from 'node:assert/strict';
import { readBody, readHead } from '../../../../src/platform/net/responseParser';

const head = (text: string): ReturnType<typeof readHead> => readHead(Buffer.from(text, 'latin1'));

describe('responseParser', () => {
  it('knows_the_status_as_soon_as_its_line_is_complete', () => {
    assert.deepEqual(head('HTTP/1.1 503 Service Unavailable\r\nSer'), { kind: 'status', status: 503 });
  });

  for (const torn of ['', 'H', 'HTTP/1.1', 'HTTP/1.1 200', 'HTTP/1.1 200 OK\r']) {
    it(`waits_for_more_after ${JSON.stringify(torn)}`, () => assert.deepEqual(head(torn), { kind: 'more' }));
  }

  it('takes_a_status_line_without_reason_and_with_a_bare_line_feed', () => {
    assert.deepEqual(head('HTTP/1.0 204\n'), { kind: 'status', status: 204 });
  });

  it('skips_interim_answers', () => {
    const seen = head('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 404 Not Found\r\n');
    assert.deepEqual(seen, { kind: 'status', status: 404 });
  });

  for (const [name, bytes, words] of [
    ['ssh', 'SSH-2.0-OpenSSH_9.2\r\n', 'not an HTTP answer: "SSH-2.0-OpenSSH_9.2"'],
    ['redis', "-ERR unknown command 'GET'\r\n", `not an HTTP answer: "-ERR unknown command 'GET'"`],
    ['tls', '\x15\x03\x01\x00\x02\x02\x46', 'not an HTTP answer (it speaks TLS; use scheme "https")'],
    ['http/2', '\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03', 'not an HTTP/1.1 answer (it speaks HTTP/2 only)'],
    ['control characters', '\x1b[31mred\x07', 'not an HTTP answer: ".[31mred."'],
    ['a broken status', 'HTTP/1.1 20x OK\r\n', 'not an HTTP answer: "HTTP/1.1 20x OK"'],
    ['a line without end', `HTTP/${'1'.repeat(2000)}`, `not an HTTP answer: "HTTP/${'1'.repeat(55)}"`],
  ] as const) {
    it(`says_what_spoke_instead_of_http: ${name}`, () =>
      assert.deepEqual(head(bytes), { kind: 'notHttp', saw: words }));
  }

  it('reads_a_body_of_known_length', () => {
    const seen = head('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nreadyREST');
    assert.ok(seen.kind === 'status' && seen.head && seen.rest);
    const { body, whole } = readBody(seen.head.framing, seen.rest);
    assert.deepEqual([body.toString(), whole], ['ready', true]);
  });

  it('joins_the_chunks_of_a_chunked_body', () => {
    const seen = head('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nrea\r\n2;x=1\r\ndy\r\n0\r\n\r\n');
    assert.ok(seen.kind === 'status' && seen.head && seen.rest);
    const { body, whole } = readBody(seen.head.framing, seen.rest);
    assert.deepEqual([body.toString(), whole], ['ready', true]);
  });

  it('reads_until_the_close_without_any_framing', () => {
    const { body, whole } = readBody({ kind: 'untilClose' }, Buffer.from('so far'));
    assert.deepEqual([body.toString(), whole], ['so far', false]);
  });
});
