import type { OsName } from '../os';
import type { Listener } from './types';

/** Commands that list listening sockets where there is no `/proc`, and how to read what they print. */
export interface ListenerCommand {
  readonly argv: readonly string[];
  readonly parse: (output: string) => readonly Listener[];
}

export function listenerCommand(os: OsName): ListenerCommand | undefined {
  if (os === 'windows') return { argv: ['netstat', '-ano'], parse: parseNetstat };
  if (os === 'macos' || os === 'other') {
    return { argv: ['lsof', '-nP', '-iTCP', '-sTCP:LISTEN', '-Fpn'], parse: parseLsof };
  }
  return undefined;
}

/** `lsof -F pn`: one field per line, `p` names the process for the `n` lines below it. */
export function parseLsof(output: string): readonly Listener[] {
  const listeners: Listener[] = [];
  let pid = 0;
  for (const line of output.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    const [, address, port] = /^n(.+):(\d+)$/.exec(line) ?? [];
    if (address === undefined || port === undefined || pid === 0) continue;
    listeners.push({ port: Number(port), address: plainAddress(address), inode: 0, pid });
  }
  return dedupe(listeners);
}

/** `netstat -ano`: the state's name is translated, so a listener is known by its remote port 0. */
export function parseNetstat(output: string): readonly Listener[] {
  const listeners: Listener[] = [];
  for (const line of output.split(/\r?\n/)) {
    const row = /^\s*TCP\s+(\S+):(\d+)\s+(?:0\.0\.0\.0|\[::\]):0\s+\S+\s+(\d+)\s*$/.exec(line);
    const [, address = '', port, pid] = row ?? [];
    if (port === undefined || pid === undefined) continue;
    listeners.push({ port: Number(port), address: plainAddress(address), inode: 0, pid: Number(pid) });
  }
  return dedupe(listeners);
}

function plainAddress(printed: string): string {
  if (printed === '*') return '::';
  return printed.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
}

function dedupe(listeners: readonly Listener[]): readonly Listener[] {
  const byKey = new Map(listeners.map((l) => [`${l.pid} ${l.address} ${l.port}`, l]));
  return [...byKey.values()];
}
