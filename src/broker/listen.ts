/** Takes the place of the user's broker: a private socket that accepts first, and then the claim. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { ensurePrivateDir } from '../platform/files/privateDir';
import { socketPlace } from '../platform/files/stateDir';
import { osName } from '../platform/os';
import { recordDirectory } from '../protocol/brokerPlaces';
import { claimRecord } from '../protocol/brokerRecord';
import { listenForClients } from '../protocol/clientListener';

export interface Listening {
  /** Says goodbye to those who come later, and accepts nobody. */
  close(): Promise<void>;
}

/** Resolves with undefined when another live broker is there already. */
export async function listenAsBroker(
  stateDir: string,
  identity: { readonly token: string; readonly buildId: string },
  accept: (stream: Duplex) => void,
): Promise<Listening | undefined> {
  const records = recordDirectory(stateDir);
  await ensurePrivateDir(records);
  const place = socketPlace(stateDir, `${randomBytes(6).toString('hex')}.sock`, osName(), process.getuid?.());
  if (place.directory !== undefined) await ensurePrivateDir(place.directory);
  const listener = await listenForClients(place.path, place.directory !== undefined, accept);
  const claim = await claimRecord(records, { socketPath: place.path, pid: process.pid, ...identity });
  if (claim.kind === 'occupied') {
    listener.close();
    return undefined;
  }
  return {
    close: async () => {
      await claim.release();
      listener.close();
    },
  };
}
