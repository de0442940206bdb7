/**
 * Reads the text of `/proc/net/tcp` and `/proc/net/tcp6`. A busy machine has 10,000 rows, so rows are
 * judged in place by their fixed columns and only the wanted ones are taken apart.
 */

export const tcpState = { established: 0x01, timeWait: 0x06, listen: 0x0a } as const;

/** Kernel constant (TCP_TIMEWAIT_LEN): a closed connection stays in the table this long. */
export const timeWaitMs = 60_000;

/** The timer column counts in USER_HZ, which is 100 on every Linux that VS Code runs on. */
const msPerTick = 10;
const timeWaitTimer = 3;

export interface SocketRow {
  readonly state: number;
  /** Textual; an IPv4 address mapped into IPv6 is given as IPv4, so that both ends of a connection compare. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** 0 for a socket that no process holds (TIME_WAIT, not yet accepted). */
  readonly inode: number;
  /** Age of a TIME_WAIT row in ms; undefined in every other state. */
  readonly closedAgoMs?: number;
}

export type RowFilter = (state: number, localPort: number, remotePort: number) => boolean;

/** The local ports of the listening rows, which come first. */
export function listeningPorts(text: string): number[] {
  const ports: number[] = [];
  scanRows(
    text,
    (state, port) => {
      if (state === tcpState.listen) ports.push(port);
      return false;
    },
    (state) => state !== tcpState.listen,
  );
  return ports;
}

/** The rows that pass the filter; `stopAt` ends the scan early (listening rows always come first). */
export function scanRows(text: string, wanted: RowFilter, stopAt?: (state: number) => boolean): SocketRow[] {
  const rows: SocketRow[] = [];
  // The heading is the only line without `: ` after its first number, and always the first.
  let lineEnd = text.indexOf('\n');
  while (lineEnd >= 0) {
    const lineStart = lineEnd + 1;
    lineEnd = text.indexOf('\n', lineStart);
    const address = text.indexOf(': ', lineStart) + 2;
    if (address < 2) break;
    const digits = text[address + 8] === ':' ? 8 : 32;
    const remote = address + digits + 6;
    const state = hex(text, remote + digits + 6, 2);
    if (stopAt?.(state)) break;
    if (wanted(state, hex(text, address + digits + 1, 4), hex(text, remote + digits + 1, 4))) {
      rows.push(parseRow(text.slice(address, lineEnd < 0 ? undefined : lineEnd)));
    }
  }
  return rows;
}

function parseRow(row: string): SocketRow {
  const [local = '', remote = '', state = '', , timer = '', , , , inode = '0'] = row.trim().split(/\s+/);
  const [localAddress = '', localPort = ''] = local.split(':');
  const [remoteAddress = '', remotePort = ''] = remote.split(':');
  const [kind = '', ticks = ''] = timer.split(':');
  const common = {
    state: Number.parseInt(state, 16),
    localAddress: decodeAddress(localAddress),
    localPort: Number.parseInt(localPort, 16),
    remoteAddress: decodeAddress(remoteAddress),
    remotePort: Number.parseInt(remotePort, 16),
    inode: Number(inode),
  };
  if (common.state !== tcpState.timeWait || Number.parseInt(kind, 16) !== timeWaitTimer) return common;
  const leftMs = Number.parseInt(ticks, 16) * msPerTick;
  return { ...common, closedAgoMs: Math.min(timeWaitMs, Math.max(0, timeWaitMs - leftMs)) };
}

/** Reads an upper-case hex number in place; slicing 10,000 rows apart costs three times as much. */
function hex(text: string, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const code = text.charCodeAt(i);
    value = value * 16 + (code <= 57 ? code - 48 : code - 55);
  }
  return value;
}

/** The kernel prints each 32-bit word in host order, which is little-endian wherever VS Code runs. */
export function decodeAddress(printed: string): string {
  const bytes: number[] = [];
  for (let word = 0; word < printed.length; word += 8) {
    for (let byte = 6; byte >= 0; byte -= 2) {
      bytes.push(Number.parseInt(printed.slice(word + byte, word + byte + 2), 16));
    }
  }
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  return compressIPv6(bytes);
}

function compressIPv6(bytes: readonly number[]): string {
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  // The URL parser knows the canonical short form.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
