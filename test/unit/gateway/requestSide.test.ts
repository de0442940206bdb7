import assert from 'node:assert/strict';
import type { RequestHead } from '../../../src/gateway/httpHead';
import { RequestSide, type Decision } from '../../../src/gateway/requestSide';
import { maxRequestHeadBytes } from '../../../src/gateway/limits';

interface Followed {
  readonly side: RequestSide;
  readonly seen: string[];
  readonly refused: number[];
  readonly forwarded: () => string;
}

function follow(decide: (head: RequestHead) => Decision = () => 'pass'): Followed {
  const seen: string[] = [];
  const refused: number[] = [];
  let forwarded = '';
  const side = new RequestSide({
    decide: (head) => {
      const decision = decide(head);
      if (decision !== 'wait') seen.push(`${head.method} ${head.path}`);
      return decision;
    },
    forward: (bytes) => (forwarded += bytes.toString('latin1')),
    refuse: (status) => refused.push(status),
  });
  return { side, seen, refused, forwarded: () => forwarded };
}

const post = 'POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nGET\r\n0\r\n\r\n';
const three = `GET /a HTTP/1.1\r\n\r\n${post}PUT /c HTTP/1.1\r\nContent-Length: 4\r\n\r\nGET GET /d HTTP/1.1\n\n`;

describe('RequestSide', () => {
  it('finds pipelined requests however they are split, and changes no byte', () => {
    for (let size = 1; size <= three.length; size++) {
      const { side, seen, refused, forwarded } = follow();
      for (let from = 0; from < three.length; from += size) side.feed(Buffer.from(three.slice(from, from + size)));
      assert.deepEqual(seen, ['GET /a', 'POST /b', 'PUT /c', 'GET /d'], `in pieces of ${size}`);
      assert.equal(forwarded(), three);
      assert.deepEqual(refused, []);
      assert.deepEqual([side.keptBytes, side.betweenRequests], [0, true]);
    }
  });

  it('forwards nothing of a request that waits, and goes on where it stopped', () => {
    let gate: Decision = 'wait';
    const { side, seen, forwarded } = follow(() => gate);
    side.feed(Buffer.from(three.slice(0, 30)));
    side.keep(Buffer.from(three.slice(30)));
    assert.deepEqual([forwarded(), side.keptBytes, seen.length], ['', three.length, 0]);
    gate = 'pass';
    side.resume();
    assert.deepEqual([forwarded(), side.keptBytes, seen.length], [three, 0, 4]);
  });

  it('forwards nothing of a request that was answered here', () => {
    const { side, forwarded } = follow(({ path }) => (path === '/x' ? 'drop' : 'pass'));
    const dropped = 'GET /x HTTP/1.1\r\nA: b\r\n\r\n';
    const kept = 'GET /a HTTP/1.1\r\n\r\n';
    side.feed(Buffer.from(kept + dropped + dropped + kept + dropped));
    assert.equal(forwarded(), kept + kept);
  });

  it('hands on the rest of a body before it decides on the request that follows', () => {
    const seen: string[] = [];
    const side = new RequestSide({
      decide: ({ path }) => {
        seen.push(`decide ${path}`);
        return 'pass';
      },
      forward: (bytes) => seen.push(bytes.toString('latin1')),
      refuse: () => seen.push('refuse'),
    });
    const upload = 'POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\n';
    const two = 'GET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n';
    side.feed(Buffer.from(`${upload}12`));
    side.feed(Buffer.from(`345${two}`));
    assert.deepEqual(seen, ['decide /a', `${upload}12`, '345', 'decide /b', 'decide /c', two]);
  });

  it('forgets empty lines between requests', () => {
    const { side, seen, forwarded } = follow();
    const one = 'GET /a HTTP/1.1\r\n\r\n';
    side.feed(Buffer.from(`${one}\r\n`));
    assert.equal(side.keptBytes, 0, 'an empty line is no half request');
    side.feed(Buffer.from(`\r\n\r\n${one}`));
    assert.deepEqual([seen.length, forwarded()], [2, one + one]);
  });

  it('does not see a second request where another reader would see none, nor the other way round', () => {
    const { side, seen } = follow();
    side.feed(Buffer.from('GET /a HTTP/1.1\r\nHost: localhost\n\r\nGET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    assert.deepEqual(seen, ['GET /a', 'GET /hidden']);
  });

  it('refuses what is no request, and reads nothing after it', () => {
    for (const bad of [
      'POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n',
      'GET / HTTP/1.1\r\n bad\r\n\r\n',
      'garbage\r\n\r\n',
    ]) {
      const { side, seen, refused, forwarded } = follow();
      side.feed(Buffer.from(`GET /a HTTP/1.1\r\n\r\n${bad}GET /b HTTP/1.1\r\n\r\n`));
      side.feed(Buffer.from('GET /c HTTP/1.1\r\n\r\n'));
      assert.deepEqual([seen, refused], [['GET /a'], [400]]);
      assert.doesNotMatch(forwarded(), /\/b|\/c|bad/);
    }
  });

  it('refuses a body whose chunks are ambiguous', () => {
    const { side, refused, forwarded } = follow();
    side.feed(Buffer.from('POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'));
    side.feed(Buffer.from('0x5\r\nGET /hidden HTTP/1.1\r\n\r\n'));
    assert.deepEqual(refused, [400]);
    assert.doesNotMatch(forwarded(), /hidden/);
  });

  it('refuses a head that never ends', () => {
    const { side, refused } = follow();
    side.feed(Buffer.from(`GET / HTTP/1.1\r\nX: ${'a'.repeat(maxRequestHeadBytes)}`));
    assert.deepEqual([refused, side.keptBytes], [[431], 0]);
  });
});
