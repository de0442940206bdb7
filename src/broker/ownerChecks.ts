/** Whether the listener behind an answer is the backend itself. */
import type { Clock } from '../base/clock';
import type { PortHolders, PortOwner } from '../platform/net/portHolder';
import type { SocketTable } from '../platform/net/socketTable';
import type { ProbeContext } from '../probes/probe';
import type { ReadinessContext } from './ports';

export interface OwnerSources extends Pick<ReadinessContext, 'pids' | 'nearPids'> {
  readonly clock: Clock;
  readonly sockets: SocketTable;
  readonly holders: PortHolders;
}

/** Backends that start at the same time share their looks at the process table. */
const sharedScanMs = 50;
/** Answers that do not satisfy come many times a second from one that warms up: what was seen is good for so long. */
const suspicionPeriodMs = 1_000;

export function ownerChecks(
  sources: OwnerSources,
): Required<Pick<ProbeContext, 'verifyOwner' | 'suspectOwner' | 'ownsNow'>> {
  const { clock, sockets, holders, pids, nearPids } = sources;
  // Nearly always it is the process we started or a child of it, and a look at all processes can be spared.
  const ownsNow = (port: number, address: string): boolean => sockets.ownsNow?.(port, address, nearPids()) === true;
  const verifyOwner = async (port: number, address: string): Promise<PortOwner> => {
    if (ownsNow(port, address)) return { kind: 'ours' };
    const nowMs = clock.nowMs();
    const seen = await holders.verifyOwner(port, await pids(nowMs - sharedScanMs), { address });
    // A child born since that look is no stranger.
    return seen.kind === 'stranger' ? holders.verifyOwner(port, await pids(nowMs), { address }) : seen;
  };
  const suspected = new Map<string, { readonly atMs: number; readonly owner: Promise<PortOwner> }>();
  return {
    ownsNow,
    verifyOwner,
    suspectOwner: (port, address) => {
      const nowMs = clock.nowMs();
      const last = suspected.get(address);
      if (last !== undefined && nowMs - last.atMs < suspicionPeriodMs) return last.owner;
      const owner = verifyOwner(port, address);
      suspected.set(address, { atMs: nowMs, owner });
      return owner;
    },
  };
}
