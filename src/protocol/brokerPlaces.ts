import { createHash } from 'node:crypto';
import * as path from 'node:path';
import type { Duplex } from 'node:stream';
import { protocolVersion } from './messages';

/** Argument that names the state directory to a broker process. */
export const stateDirArgument = '--state-dir';

/** Where brokers of this protocol version announce themselves. */
export function recordDirectory(stateDir: string): string {
  return path.join(stateDir, `v${protocolVersion}`);
}

/** Where the output of all backends is kept. */
export function logDirectory(stateDir: string): string {
  return path.join(stateDir, 'logs');
}

/** The log file of a backend: its name, for who opens it, harmless and cut; and a hash, so that no two are the same. */
export function logFileOf(logs: string, key: string): string {
  const name = (key.split('#').at(-1) ?? '').replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 40);
  return path.join(logs, `${name}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.log`);
}

/** What a broker bundle offers to a window that runs it inside its own process. */
export interface BrokerBundle {
  readonly runInProcess: (
    stateDir: string,
  ) => Promise<{ readonly stream: Duplex; readonly token: string; readonly end: () => Promise<void> }>;
}
