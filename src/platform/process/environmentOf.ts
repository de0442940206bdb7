import { readFileSync } from 'node:fs';
import { osName } from '../os';
import { markerVariable } from './runMarker';

/** The environment a process was started with, without our mark; undefined where it cannot be read. */
export function environmentOf(pid: number): Readonly<Record<string, string>> | undefined {
  if (osName() !== 'linux') return undefined;
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const pairs = entries.flatMap((entry): [string, string][] => {
      const at = entry.indexOf('=');
      return at <= 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
    });
    const found = Object.fromEntries(pairs.filter(([name]) => name !== markerVariable));
    return Object.keys(found).length === 0 ? undefined : found;
  } catch {
    return undefined;
  }
}
