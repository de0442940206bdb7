import assert from 'node:assert/strict';
import { portsWithLocalClients, trafficFilter, trafficOf } from '../../../../src/platform/net/portTraffic';
import { scanRows, tcpState, type SocketRow } from '../../../../src/platform/net/procNetTcp';
import { recordedTcp, recordedTcp6 } from './recordedTables';

const ports = new Set([23456]);
const recorded = [recordedTcp, recordedTcp6].flatMap((text) => scanRows(text, trafficFilter(ports)));

function row(part: Partial<SocketRow>): SocketRow {
  return {
    state: tcpState.established,
    localAddress: '127.0.0.1',
    localPort: 1,
    remoteAddress: '127.0.0.1',
    remotePort: 2,
    inode: 0,
    ...part,
  };
}

describe('portTraffic', () => {
  it('counts_each_open_connection_once_though_both_ends_are_in_the_table', () => {
    assert.equal(trafficOf(recorded, ports, new Map()).get(23456)?.established, 2);
  });

  it('tells_when_the_last_connection_was_closed', () => {
    assert.equal(trafficOf(recorded, ports, new Map()).get(23456)?.lastClosedAgoMs, 1_030);
  });

  it('takes_the_youngest_of_several_closed_connections_whichever_side_closed', () => {
    const rows = [
      row({ state: tcpState.timeWait, localPort: 23456, remotePort: 50_000, closedAgoMs: 9_000 }),
      row({ state: tcpState.timeWait, localPort: 50_001, remotePort: 23456, closedAgoMs: 4_000 }),
      row({ state: tcpState.timeWait, localPort: 50_002, remotePort: 23456, closedAgoMs: 30_000 }),
    ];
    assert.deepEqual(trafficOf(rows, ports, new Map()).get(23456), { established: 0, lastClosedAgoMs: 4_000 });
  });

  it('leaves_out_connections_whose_client_is_one_of_our_own', () => {
    const own = new Map([[23456, new Set([51690])]]);
    assert.equal(trafficOf(recorded, ports, own).get(23456)?.established, 1);
  });

  it('does_not_take_the_same_port_of_another_machine_for_ours', () => {
    const away = { remoteAddress: '10.0.0.7', remotePort: 23456, localAddress: '10.0.0.2', localPort: 50_000 };
    const rows = [row(away), row({ ...away, state: tcpState.timeWait, closedAgoMs: 10 })];
    assert.deepEqual(trafficOf(rows, ports, new Map()).get(23456), { established: 0 });
    assert.equal(portsWithLocalClients(rows, ports).size, 0);
  });

  it('counts_clients_from_other_machines', () => {
    const rows = [row({ localPort: 23456, localAddress: '10.0.0.2', remoteAddress: '10.0.0.7', remotePort: 50_000 })];
    assert.equal(trafficOf(rows, ports, new Map()).get(23456)?.established, 1);
  });

  it('answers_for_a_port_that_nobody_uses', () => {
    assert.deepEqual(trafficOf([], ports, new Map()).get(23456), { established: 0 });
  });

  it('names_the_ports_where_it_matters_who_the_client_is', () => {
    assert.deepEqual([...portsWithLocalClients(recorded, ports)], [23456]);
  });
});
