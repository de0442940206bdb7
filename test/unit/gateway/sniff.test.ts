import assert from 'node:assert/strict';
import { maxRequestHeadBytes } from '../../../src/gateway/limits';
import { sniff } from '../../../src/gateway/sniff';

function firstSight(text: string): string {
  for (let length = 1; length <= text.length; length++) {
    const kind = sniff(Buffer.from(text.slice(0, length), 'latin1'));
    if (kind !== 'undecided') return kind;
  }
  return 'undecided';
}

describe('sniff', () => {
  it('knows requests of HTTP/1, byte by byte', () => {
    for (const line of ['GET / HTTP/1.1\r\n', 'OPTIONS * HTTP/1.0\n', 'M-SEARCH /a?b=c%20d HTTP/1.1\r\n']) {
      assert.equal(firstSight(line), 'http', line);
    }
    assert.equal(sniff(Buffer.from('get /ü HTTP/1.1\r\nHost: a')), 'http', 'a whole line may be as odd as it likes');
  });

  it('knows that something else is something else, before an end of line', () => {
    const others = {
      tls: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      http2: 'PRI * HTTP/2.0',
      redis: '*1\r\n$4\r\nPING\r\n',
      inline: 'PING\r\n',
      postgres: '\0\0\0\x08\x04\xd2\x16\x2f',
      mongo: '\x3a\0\0\0',
      amqp: 'AMQP\0\0\x09\x01',
      mqtt: '\x10\x0e\0\x04MQTT',
      words: 'hello',
      empty: '\r\n',
      old: 'GET /\r\n',
    };
    for (const [what, bytes] of Object.entries(others)) assert.equal(firstSight(bytes), 'raw', what);
  });

  it('does not wait for ever', () => {
    assert.equal(sniff(Buffer.from('GET /a')), 'undecided');
    assert.equal(sniff(Buffer.from(`GET /${'a'.repeat(maxRequestHeadBytes)}`)), 'raw');
    assert.equal(sniff(Buffer.from('A'.repeat(33))), 'raw');
  });
});
