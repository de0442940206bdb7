/** What a backend that is declared now has from the time of an earlier broker. */
import { adoptedFrom, asleepFrom } from './adoption';
import type { BackendActor } from './backendActor';
import type { HoldRegistry } from './holds';
import type { Neighbours } from './launchResolver';
import type { KeepAwakeEnd } from './ledgerEntry';
import type { Orphans } from './orphans';
import type { BrokerPorts } from './ports';

interface Legacy {
  readonly orphans: Orphans;
  readonly holds: HoldRegistry;
  readonly ports: BrokerPorts;
}

export function inherit(actor: BackendActor, { orphans, holds, ports }: Legacy, find: Neighbours['find']): void {
  const { record } = actor;
  const orphan = orphans.claim(record.key);
  const asleep = orphans.claimAsleep(record.key, orphan !== undefined);
  if (orphan !== undefined) actor.adopt(adoptedFrom(orphan, record, ports, find));
  else if (asleep !== undefined) actor.adoptAsleep(asleepFrom(asleep, record, ports, find));
  const left = keepAwakeLeftMs((orphan?.entry ?? asleep)?.keepAwake, ports.clock.wallMs());
  if (left !== undefined) holds.keepAwake(record.key, left === 'forever' ? undefined : left);
}

function keepAwakeLeftMs(until: KeepAwakeEnd | undefined, nowWallMs: number): KeepAwakeEnd | undefined {
  if (until === undefined || until === 'forever') return until;
  return until > nowWallMs ? until - nowWallMs : undefined;
}
