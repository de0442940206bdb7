import assert from 'node:assert/strict';
import { parseRequestHead, parseResponseHead } from '../../../src/gateway/httpHead';

function request(...lines: string[]): ReturnType<typeof parseRequestHead> {
  return parseRequestHead(`${lines.join('\r\n')}\r\n\r\n`);
}

function post(...fields: string[]): ReturnType<typeof parseRequestHead> {
  return request('POST / HTTP/1.1', 'Host: localhost', ...fields);
}

function response(method: string, ...lines: string[]): ReturnType<typeof parseResponseHead> {
  return parseResponseHead(`${lines.join('\r\n')}\r\n\r\n`, { method });
}

describe('parseRequestHead', () => {
  it('reads what the gateway decides by', () => {
    const head = request(
      'GET /a/b?secret=1 HTTP/1.1',
      'HOST: localhost:3000',
      'origin:http://localhost:5173',
      'User-Agent: curl/8',
      'Sec-Fetch-Site: same-origin',
      'Sec-Fetch-Mode: navigate',
      'Sec-WebSocket-Protocol: vite-ping',
    );
    assert.deepEqual(head, {
      method: 'GET',
      path: '/a/b',
      framing: { kind: 'none' },
      switches: false,
      closes: false,
      host: 'localhost:3000',
      origin: 'http://localhost:5173',
      agent: 'curl/8',
      fetchSite: 'same-origin',
      fetchMode: 'navigate',
      subprotocol: 'vite-ping',
    });
  });

  it('never keeps a query string, in any form of the target', () => {
    const pathOf = (target: string): string | undefined => request(`GET ${target} HTTP/1.1`)?.path;
    assert.equal(pathOf('http://localhost:1/a?b'), '/a');
    assert.equal(pathOf('http://localhost:1'), '/');
    assert.equal(pathOf('/?http://x/y'), '/');
    assert.equal(pathOf('/a#b'), '/a');
    assert.equal(pathOf('*'), '*');
    assert.equal(pathOf('localhost:443'), 'localhost:443');
  });

  it('takes whom a request is for from its target, where that names one', () => {
    const hostOf = (target: string): string | undefined => request(`GET ${target} HTTP/1.1`, 'Host: localhost')?.host;
    assert.equal(hostOf('/a'), 'localhost');
    assert.equal(hostOf('http://other.test/'), 'other.test');
    assert.equal(hostOf('HTTP://other.test:8080?a=http://localhost/'), 'other.test:8080');
    assert.equal(hostOf('ws://user@localhost/'), 'user@localhost');
    assert.equal(hostOf('/http://other.test/'), 'localhost');
    assert.equal(request('GET http:///a HTTP/1.1', 'Host: localhost'), undefined, 'one without a name is none');
  });

  it('knows how a request ends and what follows it', () => {
    assert.deepEqual(post('Content-Length: 12')?.framing, { kind: 'length', length: 12 });
    assert.deepEqual(post('Content-Length: 12', 'content-length:12')?.framing, { kind: 'length', length: 12 });
    assert.deepEqual(post('Transfer-Encoding: Chunked')?.framing, { kind: 'chunked' });
    assert.equal(post('Connection: close')?.closes, true);
    assert.equal(request('GET / HTTP/1.0')?.closes, true);
    assert.equal(request('GET / HTTP/1.0', 'Connection: Keep-Alive')?.closes, false);
    assert.equal(post('Connection: keep-alive, Upgrade', 'Upgrade: websocket')?.switches, true);
    assert.equal(post('Upgrade: websocket')?.switches, false, 'not without Connection: upgrade');
    assert.equal(request('CONNECT a:1 HTTP/1.1')?.switches, true);
  });

  it('takes bare line feeds, as typed by hand', () => {
    assert.equal(parseRequestHead('GET /a HTTP/1.0\nHost: localhost\n\n')?.host, 'localhost');
  });

  for (const [what, ...fields] of [
    ['both lengths and chunks', 'Content-Length: 3', 'Transfer-Encoding: chunked'],
    ['the same, the other way round', 'Transfer-Encoding: chunked', 'Content-Length: 3'],
    ['two lengths', 'Content-Length: 3', 'Content-Length: 4'],
    ['a list of lengths', 'Content-Length: 3, 3'],
    ['a signed length', 'Content-Length: +3'],
    ['a negative length', 'Content-Length: -3'],
    ['a length in hex', 'Content-Length: 0x3'],
    ['a length with a blank in it', 'Content-Length: 1 2'],
    ['a length that is no exact number', 'Content-Length: 99999999999999999999'],
    ['an empty length', 'Content-Length:'],
    ['a coding that is not chunked', 'Transfer-Encoding: identity'],
    ['a coding that looks like chunked', 'Transfer-Encoding: xchunked'],
    ['chunked before another coding', 'Transfer-Encoding: chunked, identity'],
    ['chunked taken back', 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    ['chunked twice', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    ['a blank before the colon', 'Transfer-Encoding : chunked'],
    ['a tab before the colon', 'Content-Length\t: 3'],
    ['a folded field', 'Transfer-Encoding:', ' chunked'],
    ['a fold that looks like a field', 'X: 1', '\tContent-Length: 3'],
    ['a lone CR inside a line', 'X: 1\rTransfer-Encoding: chunked'],
    ['a NUL', 'X: 1\0'],
    ['a field without a name', ': 1'],
    ['a line without a colon', 'nothing'],
    ['two hosts', 'Host: evil.test'],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(post(...fields), undefined));
  }

  it('refuses other first lines', () => {
    for (const line of ['GET /', 'GET / HTTP/2.0', 'GET  / HTTP/1.1', 'G(T / HTTP/1.1', 'GET / a HTTP/1.1', '']) {
      assert.equal(request(line), undefined, line);
    }
  });
});

describe('parseResponseHead', () => {
  it('knows the answers without a body', () => {
    const length = 'Content-Length: 5';
    assert.deepEqual(response('HEAD', 'HTTP/1.1 200 OK', length)?.framing, { kind: 'none' });
    assert.deepEqual(response('GET', 'HTTP/1.1 304 Not Modified', length)?.framing, { kind: 'none' });
    assert.deepEqual(response('GET', 'HTTP/1.1 204 No Content')?.framing, { kind: 'none' });
    assert.deepEqual(response('GET', 'HTTP/1.1 103 Early Hints', length)?.framing, { kind: 'none' });
    assert.equal(response('HEAD', 'HTTP/1.1 200 OK')?.closes, false);
  });

  it('knows how the others end', () => {
    assert.deepEqual(response('GET', 'HTTP/1.1 200', 'Content-Length: 5')?.framing, { kind: 'length', length: 5 });
    const both = response('GET', 'HTTP/1.1 200 OK', 'Content-Length: 5', 'Transfer-Encoding: gzip, chunked');
    assert.deepEqual(both?.framing, { kind: 'chunked' });
    const open = response('GET', 'HTTP/1.1 200 OK');
    assert.deepEqual([open?.framing.kind, open?.closes], ['untilClose', true]);
    assert.equal(response('GET', 'HTTP/1.0 200 OK', 'Content-Length: 5')?.closes, true);
    assert.equal(response('GET', 'HTTP/1.1 200 OK', 'Content-Length: 5', 'Connection: Close')?.closes, true);
  });

  it('knows an event stream, and reads over folded fields', () => {
    const head = response(
      'GET',
      'HTTP/1.1 200 OK',
      'X-Long: a',
      ' b',
      'Content-Type: text/event-stream; charset=utf-8',
    );
    assert.equal(head?.eventStream, true);
    assert.equal(response('GET', 'HTTP/1.1 200 OK', 'Content-Type: text/html')?.eventStream, false);
  });

  it('is no answer of HTTP/1 when it looks otherwise', () => {
    for (const line of ['SSH-2.0-x', 'HTTP/2 200', 'HTTP/1.1 20', 'HTTP/1.1 2000 OK', '']) {
      assert.equal(response('GET', line), undefined, line);
    }
    assert.equal(response('GET', 'HTTP/1.1 200 OK', 'Content-Length: five'), undefined);
  });
});
