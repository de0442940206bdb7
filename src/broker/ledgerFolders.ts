/**
 * Names of the ledger's folders: `MACHINE.PID.START.WHAT-…`. Who owns a folder stands in its name, so that taking it
 * over is one rename, which has one winner, and no moment in which a folder belongs to nobody.
 */
import { createHash, randomBytes } from 'node:crypto';
import { startToken } from '../platform/process/leashOrders';
import type { MachineIdentity } from '../platform/process/procTable';
import type { ProcessIdentity } from '../platform/process/types';

/** Who writes into a folder: a broker, a broker inside a window, or a leash that ends what it found there. */
export type FolderOwner = 'broker' | 'window' | 'leash';

export interface FolderName {
  readonly machine: string;
  readonly pid: number;
  /** Start time of the owner, as `startToken` writes it. */
  readonly start: string;
  readonly what: FolderOwner;
}

/** Short text that differs between boots, machines and containers that share a home. */
export function machineToken({ bootId, pidNamespace }: MachineIdentity): string {
  return createHash('sha256').update(`${bootId} ${pidNamespace}`).digest('hex').slice(0, 12);
}

/** A name no other folder has. */
export function folderName(owner: ProcessIdentity, what: FolderOwner): string {
  const random = randomBytes(4).toString('hex');
  return `${machineToken(owner)}.${owner.pid}.${startToken(owner.startTime)}.${what}-${random}`;
}

/** Undefined for what is no folder of the ledger. */
export function parseFolderName(name: string): FolderName | undefined {
  const [, machine = '', pid = '', start = '', what] =
    /^([0-9a-f]{12})\.(\d{1,10})\.([^.]+)\.(broker|window|leash)(?:-[0-9a-f]{8})?$/.exec(name) ?? [];
  if (what !== 'broker' && what !== 'window' && what !== 'leash') return undefined;
  return { machine, pid: Number(pid), start, what };
}
