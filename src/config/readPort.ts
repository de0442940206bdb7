import type { Node } from 'jsonc-parser';
import type { Reader } from './reader';

/** A port number 1 to 65535. */
export function readPort(reader: Reader, node: Node, what: string): number | undefined {
  const port: unknown = node.value;
  if (typeof port === 'string' && /^\d{1,5}$/.test(port)) {
    reader.report('badPort', node, `"${what}" must be a number: write ${Number(port)} without quotes.`);
    return undefined;
  }
  if (typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  const choices = what === 'port' ? 'a number from 1 to 65535, or "auto"' : 'a number from 1 to 65535';
  reader.report('badPort', node, `"${what}" must be ${choices}.`);
  return undefined;
}

export function readPublicPort(reader: Reader, node: Node): number | 'auto' | undefined {
  return node.value === 'auto' ? 'auto' : readPort(reader, node, 'port');
}
