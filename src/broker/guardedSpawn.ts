import { newMarker } from '../platform/process/runMarker';
import type { SpawnResult } from '../platform/process/types';
import type { BackendRecord } from './backendRecord';
import type { Launch } from './launch';
import { launchFacts } from './launchFacts';
import type { BrokerPorts } from './ports';

/**
 * Starts the process of a backend between two words to the guard, so that there is no moment in which nobody knows
 * of it. Its output begins at `logOffset` of its log file.
 */
export async function guardedSpawn(
  { key, definition, keepProcesses: keep }: BackendRecord,
  ports: BrokerPorts,
  launch: Launch,
  logOffset: number,
): Promise<SpawnResult> {
  const { signal, graceMs } = definition.stop;
  const stop = { signal, graceMs, ...(keep.length === 0 ? {} : { keep }) };
  const run = { marker: newMarker(), key, stop, launch: launchFacts(launch, logOffset) };
  await ports.guard.intend(run);
  const spawned = await ports.processes.spawn({ ...launch, marker: run.marker, keep });
  if (spawned.kind === 'spawned') await ports.guard.started(run, spawned.run.identity);
  else ports.guard.over(run.marker);
  return spawned;
}
