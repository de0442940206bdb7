import assert from 'node:assert/strict';
import { BodyScanner, endOfHead, type Framing } from '../../../src/gateway/httpFraming';

function isDone(scanner: BodyScanner): boolean {
  return scanner.done;
}

/** Where the body ends that begins `text`, fed in pieces of `size`; undefined: not in it. */
function endOf(framing: Framing, text: string, size: number): number | undefined {
  const scanner = new BodyScanner();
  scanner.start(framing);
  if (scanner.done) return 0;
  for (let from = 0; from < text.length; from += size) {
    const piece = Buffer.from(text.slice(from, from + size), 'latin1');
    const used = scanner.consume(piece, 0);
    if (isDone(scanner)) return from + used;
    assert.equal(used, piece.length, 'a piece in the middle of a body is all of it');
  }
  return undefined;
}

const chunked: Framing = { kind: 'chunked' };
const next = 'GET /next HTTP/1.1\r\n\r\n';

describe('endOfHead', () => {
  const at = (text: string, from = 0): number => endOfHead(Buffer.from(text), from);

  it('is after the first empty line, whoever wrote it', () => {
    assert.equal(at('a\r\n\r\nb\r\n\r\n'), 5);
    assert.equal(at('a\n\nb\r\n\r\n'), 3);
    assert.equal(at('a\n\r\nb\r\n\r\n'), 4, 'mixed: a second request cannot hide behind it');
    assert.equal(at('a\r\n\r\nb\n\n', 5), 8);
  });

  it('is not there before it came', () => {
    for (const text of ['', 'a', 'a\r', 'a\r\n', 'a\r\n\r']) assert.equal(at(text), -1, JSON.stringify(text));
  });
});

describe('BodyScanner', () => {
  const bodies: readonly [string, Framing, string][] = [
    ['of a length', { kind: 'length', length: 7 }, '1234567'],
    ['in chunks', chunked, '5\r\nhello\r\n0\r\n\r\n'],
    ['in chunks that look like the end', chunked, '7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n'],
    ['in chunks with extensions and trailers', chunked, 'A;a="b"\r\n0123456789\r\n00\r\nX: 1\r\nY: 2\r\n\r\n'],
    ['in chunks, extension after a blank', chunked, '1 ;a\r\nx\r\n0\r\n\r\n'],
  ];
  for (const [what, framing, body] of bodies) {
    it(`finds the end of a body ${what}, split anywhere`, () => {
      for (let size = 1; size <= body.length + 1; size++) {
        assert.equal(endOf(framing, body + next, size), body.length, `in pieces of ${size}`);
      }
    });
  }

  it('is done at once without a body, and never with one that ends with the connection', () => {
    assert.equal(endOf({ kind: 'none' }, next, 1), 0);
    assert.equal(endOf({ kind: 'length', length: 0 }, next, 1), 0);
    const scanner = new BodyScanner();
    scanner.start({ kind: 'untilClose' });
    assert.equal(scanner.consume(Buffer.from(next), 3), next.length);
    assert.deepEqual([scanner.done, scanner.endsWithConnection], [false, true]);
  });

  it('follows one body after the other', () => {
    const scanner = new BodyScanner();
    for (const text of ['3\r\nabc\r\n0\r\n\r\n', '1\r\na\r\n0\r\n\r\n']) {
      scanner.start(chunked);
      assert.equal(scanner.consume(Buffer.from(text), 0), text.length);
      assert.equal(scanner.done, true);
    }
  });

  for (const text of [
    '\r\n',
    'g\r\n',
    '-1\r\n',
    '0x5\r\nhello\r\n',
    '5\nhello\r\n',
    '5\rXhello\r\n',
    '5;a\nhello\r\n',
    '5\r\nhello\n0\r\n\r\n',
    '5\r\nhelloXX0\r\n\r\n',
    '0\r\n\n',
    '0\r\nX: 1\n\r\n',
    '0\r\nX: 1\rY',
    'fffffffffffffff\r\n',
  ]) {
    it(`does not guess at ${JSON.stringify(text)}`, () => {
      for (const size of [1, text.length]) {
        const scanner = new BodyScanner();
        scanner.start(chunked);
        for (let from = 0; from < text.length && !scanner.broken; from += size) {
          scanner.consume(Buffer.from(text.slice(from, from + size), 'latin1'), 0);
        }
        assert.equal(scanner.broken, true, `in pieces of ${size}`);
      }
    });
  }
});
