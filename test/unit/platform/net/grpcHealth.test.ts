import assert from 'node:assert/strict';
import { decodeHealthResponse, encodeHealthRequest } from '../../../../src/platform/net/grpcHealth';

describe('grpcHealth', () => {
  it('asks_for_the_whole_server_with_an_empty_message', () => {
    assert.deepEqual([...encodeHealthRequest('')], [0, 0, 0, 0, 0]);
  });

  it('asks_for_one_service_by_name', () => {
    assert.deepEqual([...encodeHealthRequest('db')], [0, 0, 0, 0, 4, 0x0a, 2, 0x64, 0x62]);
  });

  for (const [bytes, status] of [
    [[0, 0, 0, 0, 2, 8, 1], 'SERVING'],
    [[0, 0, 0, 0, 2, 8, 2], 'NOT_SERVING'],
    [[0, 0, 0, 0, 0], 'UNKNOWN'],
    [[0, 0, 0], undefined],
    [[1, 0, 0, 0, 2, 8, 1], undefined],
    [[0, 0, 0, 0, 2, 8, 77], undefined],
  ] as const) {
    it(`reads [${bytes.join(' ')}] as ${String(status)}`, () =>
      assert.equal(decodeHealthResponse(Buffer.from(bytes)), status));
  }
});
