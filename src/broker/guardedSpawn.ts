import { newMarker } from '../platform/process/runMarker';
import type { SpawnResult } from '../platform/process/types';
import type { BackendRecord } from './backendRecord';
import type { Launch } from './launch';
import { launchFacts } from './launchFacts';
import type { BrokerPorts } from './ports';

/** What a stop does without it, and how an ordinary user gets it. */
export const strictHint =
  'A process that drops its environment, its session and its parents will not be found by a stop. ' +
  'Where systemd runs your session, an editor started with `systemd-run --user --scope code` has a control group that is yours.';

/**
 * Starts the process of a backend between two words to the guard, so that there is no moment in which nobody knows
 * of it. Its output begins at `logOffset` of its log file.
 */
export async function guardedSpawn(
  record: BackendRecord,
  ports: BrokerPorts,
  launch: Launch,
  logOffset: number,
): Promise<SpawnResult> {
  const { key, definition } = record;
  const marker = newMarker();
  const confined = confinement(record, ports, marker);
  // Nothing in a control group is spared.
  const keep = confined.group === undefined ? record.keepProcesses : [];
  const { signal, graceMs } = definition.stop;
  const stop = { signal, graceMs, ...(keep.length === 0 ? {} : { keep }) };
  const run = { marker, key, stop, launch: launchFacts(launch, logOffset), ...confined };
  await ports.guard.intend(run);
  const spawned = await ports.processes.spawn({ ...launch, marker, keep, ...confined });
  if (spawned.kind === 'spawned') await ports.guard.started(run, spawned.run.identity);
  else ports.guard.over(run.marker);
  return spawned;
}

/** A strict stop that cannot be had is no reason not to start: it is said, and the usual one has to do. */
function confinement(record: BackendRecord, { processes, logger }: BrokerPorts, marker: string): { group?: string } {
  record.notStrict = undefined;
  if (record.definition.stop.strict !== true) return {};
  const place = processes.groupPlace(marker);
  if (place.kind === 'place') return { group: place.path };
  record.notStrict = `"stop.strict" cannot be had: ${place.why}. ${strictHint}`;
  record.addEvent(record.notStrict);
  logger.log('warn', `${record.key}: ${record.notStrict}`);
  return {};
}
