import assert from 'node:assert/strict';
import { decodeAddress, scanRows, tcpState } from '../../../../src/platform/net/procNetTcp';
import { recordedTcp, recordedTcp6 } from './recordedTables';

const all = (): boolean => true;

describe('procNetTcp', () => {
  it('reads_address_port_state_and_inode_of_a_row', () => {
    assert.deepEqual(scanRows(recordedTcp, all)[1], {
      state: tcpState.established,
      localAddress: '127.0.0.1',
      localPort: 54870,
      remoteAddress: '127.0.0.1',
      remotePort: 23456,
      inode: 51690,
    });
  });

  it('tells_the_age_of_a_closed_connection_from_its_timer', () => {
    const [closed] = scanRows(recordedTcp, (state) => state === tcpState.timeWait);
    assert.equal(closed?.closedAgoMs, 1_030);
  });

  it('shows_an_ipv4_client_of_an_ipv6_socket_under_its_ipv4_address', () => {
    const [mapped] = scanRows(recordedTcp6, (_state, local, remote) => local === 23456 && remote === 54870);
    assert.equal(mapped?.localAddress, '127.0.0.1');
    assert.equal(mapped.remoteAddress, '127.0.0.1');
    assert.equal(mapped.inode, 51693);
  });

  it('hands_the_filter_state_and_both_ports_of_every_row', () => {
    const seen: number[][] = [];
    scanRows(recordedTcp6, (...row) => seen.push(row) < 0);
    assert.deepEqual(seen, [
      [0x0a, 23456, 0],
      [0x01, 37186, 23456],
      [0x01, 23456, 37186],
      [0x01, 23456, 54870],
    ]);
  });

  it('stops_at_the_first_row_that_ends_the_scan', () => {
    const rows = scanRows(recordedTcp6, all, (state) => state !== tcpState.listen);
    assert.deepEqual(
      rows.map((row) => [row.localAddress, row.localPort]),
      [['::', 23456]],
    );
  });

  it('finds_the_columns_when_row_numbers_outgrow_their_width', () => {
    const row = recordedTcp.split('\n')[2]?.replace('   1:', '12345:') ?? '';
    assert.equal(scanRows(`heading\n${row}\n`, all)[0]?.remotePort, 23456);
  });

  for (const text of ['', 'heading only\n', 'heading\n  0: 0100', 'heading\ngarbage\n: ']) {
    it(`takes_torn_text_without_throwing: ${JSON.stringify(text)}`, () => {
      assert.doesNotThrow(() => scanRows(text, () => false));
    });
  }

  for (const [printed, address] of [
    ['00000000', '0.0.0.0'],
    ['0100007F', '127.0.0.1'],
    ['00000000000000000000000001000000', '::1'],
    ['00000000000000000000000000000000', '::'],
    ['B80D01200000000067452301EFCDAB89', '2001:db8::123:4567:89ab:cdef'],
  ] as const) {
    it(`decodes ${printed} as ${address}`, () => assert.equal(decodeAddress(printed), address));
  }
});
