import { isLoopback } from './loopback';
import { tcpState, type RowFilter, type SocketRow } from './procNetTcp';
import type { PortTraffic } from './types';

/** Rows that say anything about the use of these ports. */
export function trafficFilter(ports: ReadonlySet<number>): RowFilter {
  return (state, localPort, remotePort) =>
    (state === tcpState.established || state === tcpState.timeWait) && (ports.has(localPort) || ports.has(remotePort));
}

/** Ports to which somebody on this machine holds a connection: only there the question "who?" arises. */
export function portsWithLocalClients(rows: readonly SocketRow[], ports: ReadonlySet<number>): ReadonlySet<number> {
  return new Set(rows.filter((row) => isLocalClient(row, ports)).map((row) => row.remotePort));
}

/**
 * What the rows say of each port. `ownInodes` are client sockets that are not use: our own probes, and a
 * backend that talks to itself (it must not keep itself awake).
 */
export function trafficOf(
  rows: readonly SocketRow[],
  ports: ReadonlySet<number>,
  ownInodes: ReadonlyMap<number, ReadonlySet<number>>,
): Map<number, PortTraffic> {
  const ownClients = new Set<string>();
  for (const row of rows) {
    if (isLocalClient(row, ports) && ownInodes.get(row.remotePort)?.has(row.inode)) {
      ownClients.add(connectionKey(row.remotePort, row.localAddress, row.localPort));
    }
  }
  const traffic = new Map<number, PortTraffic>([...ports].map((port) => [port, { established: 0 }]));
  for (const row of rows) {
    if (row.state === tcpState.timeWait) countClosed(row, traffic);
    else if (!ownClients.has(connectionKey(row.localPort, row.remoteAddress, row.remotePort))) countOpen(row, traffic);
  }
  return traffic;
}

function countOpen(row: SocketRow, traffic: Map<number, PortTraffic>): void {
  const seen = traffic.get(row.localPort);
  if (seen) traffic.set(row.localPort, { ...seen, established: seen.established + 1 });
}

/** Whichever side closed first keeps the row, so both directions count. */
function countClosed(row: SocketRow, traffic: Map<number, PortTraffic>): void {
  const age = row.closedAgoMs;
  if (age === undefined) return;
  const port = traffic.has(row.localPort) ? row.localPort : isToThisMachine(row) ? row.remotePort : undefined;
  const seen = port === undefined ? undefined : traffic.get(port);
  if (port === undefined || !seen) return;
  traffic.set(port, { ...seen, lastClosedAgoMs: Math.min(age, seen.lastClosedAgoMs ?? age) });
}

function isLocalClient(row: SocketRow, ports: ReadonlySet<number>): boolean {
  return row.state === tcpState.established && ports.has(row.remotePort) && isToThisMachine(row);
}

/** A connection to the same port number of another machine says nothing of ours. */
function isToThisMachine(row: SocketRow): boolean {
  return isLoopback(row.remoteAddress) || row.remoteAddress === row.localAddress;
}

function connectionKey(serverPort: number, clientAddress: string, clientPort: number): string {
  return `${serverPort} ${clientAddress} ${clientPort}`;
}
