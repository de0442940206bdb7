import * as path from 'node:path';
import type { Duplex } from 'node:stream';
import { protocolVersion } from './messages';

/** Argument that names the state directory to a broker process. */
export const stateDirArgument = '--state-dir';

/** Where brokers of this protocol version announce themselves. */
export function recordDirectory(stateDir: string): string {
  return path.join(stateDir, `v${protocolVersion}`);
}

/** What a broker bundle offers to a window that runs it inside its own process. */
export interface BrokerBundle {
  readonly runInProcess: (
    stateDir: string,
  ) => Promise<{ readonly stream: Duplex; readonly token: string; readonly end: () => Promise<void> }>;
}
