import assert from 'node:assert/strict';
import { ResponseSide } from '../../../src/gateway/responseSide';

interface Asked {
  readonly method: string;
  readonly switches: boolean;
}

const get: Asked = { method: 'GET', switches: false };

/** Feeds `text` in pieces of `size` as the answers to `asked`; tells what was seen. */
function follow(asked: readonly Asked[], text: string, size: number): { seen: string[]; side: ResponseSide } {
  const open = [...asked];
  const seen: string[] = [];
  const side = new ResponseSide({
    answered: () => open[0],
    head: ({ status }) => seen.push(`head ${status}`),
    done: ({ status, closes }) => {
      open.shift();
      seen.push(`done ${status}${closes ? ', closes' : ''}`);
    },
    switched: () => seen.push('switched'),
  });
  for (let from = 0; from < text.length; from += size) side.feed(Buffer.from(text.slice(from, from + size), 'latin1'));
  return { seen, side };
}

function sameInAnyPieces(asked: readonly Asked[], text: string, wanted: readonly string[]): void {
  for (let size = 1; size <= text.length; size++) {
    assert.deepEqual(follow(asked, text, size).seen, wanted, `in pieces of ${size}`);
  }
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('ResponseSide', () => {
  it('follows pipelined answers with bodies of every kind', () => {
    const chunks = 'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nHT\r\n0\r\n\r\n';
    const head = 'HTTP/1.1 404 No\r\nContent-Length: 99\r\n\r\n';
    const none = 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n';
    sameInAnyPieces(
      [get, get, { method: 'HEAD', switches: false }, get, get],
      ok + chunks + head + none + ok,
      [200, 201, 404, 304, 200].flatMap((status) => [`head ${status}`, `done ${status}`]),
    );
  });

  it('waits for the final answer after interim ones', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    sameInAnyPieces([get], interim + ok, ['head 200', 'done 200']);
  });

  it('takes a granted upgrade and a tunnel for another protocol, a refused one for an answer', () => {
    const granted = 'HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x02hi';
    sameInAnyPieces([{ method: 'GET', switches: true }], granted, ['switched']);
    sameInAnyPieces([{ method: 'CONNECT', switches: true }], 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 ', ['switched']);
    sameInAnyPieces([{ method: 'GET', switches: true }], ok, ['head 200', 'done 200']);
  });

  it('lets through what it does not understand', () => {
    sameInAnyPieces([get], 'SSH-2.0-OpenSSH\r\n\r\n', ['switched']);
    sameInAnyPieces([get], 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', ['head 200', 'switched']);
  });

  it('ends an answer without a length with its connection', () => {
    const { seen, side } = follow([get], 'HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', 7);
    assert.deepEqual([seen, side.endsWithConnection], [['head 200'], true]);
    side.reset();
    assert.equal(side.endsWithConnection, false);
  });

  it('knows whether an answer has begun', () => {
    assert.equal(follow([get, get], ok, 50).side.hasBegun, false);
    assert.equal(follow([get, get], `${ok}HTTP`, 50).side.hasBegun, true);
    assert.equal(follow([get, get], ok.slice(0, -1), 50).side.hasBegun, true);
  });
});
