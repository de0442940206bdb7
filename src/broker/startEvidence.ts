/** What makes a start look before the schedule says so: the port, and the output. */
import { DisposableStore } from '../base/lifecycle';
import type { LiveRun } from './backendRecord';
import type { Launch } from './launch';
import { OutputWatch } from './outputWatch';
import type { Readiness } from './ports';
import type { SpawnWaitLoop } from './spawnWaitLoop';
import type { StartParams } from './startParams';
import { WhereItListens } from './whereItListens';

/** Looks when a listener appears on the port that is probed, and tells where it listens instead. */
export function watchPort(
  { ports }: StartParams,
  live: LiveRun,
  store: DisposableStore,
  loop: SpawnWaitLoop,
): WhereItListens | undefined {
  const port = portOf(live.launch);
  if (port === undefined) return undefined;
  const { clock } = ports;
  const waits = (): boolean => !loop.isConnected;
  const look = (reason: string): void => loop.kick(reason);
  store.add(ports.net.watchForListener({ port, startedMs: clock.nowMs(), waits, look }));
  return store.add(
    new WhereItListens({
      clock,
      port,
      waits,
      places: () => ports.net.listeningPlaces(ports.processes.nearPids(live.run)),
      changed: () => loop.kick('it listens elsewhere'),
    }),
  );
}

/** Where a probe of the backend's port looks; undefined when none does. */
export function portOf({ probes, port }: Launch): number | undefined {
  for (const probe of probes) {
    if (probe.kind === 'tcp' && probe.port !== undefined) return probe.port;
    if (probe.kind === 'tcp' || probe.kind === 'http' || probe.kind === 'grpc') return port;
  }
  return undefined;
}

/** Hands the output to the log probes, and looks when it is worth it. */
export function followOutput(
  { ports }: StartParams,
  live: LiveRun,
  offset: number,
  readiness: Readiness,
  loop: SpawnWaitLoop,
): DisposableStore {
  const store = new DisposableStore();
  const watch = store.add(
    new OutputWatch({
      clock: ports.clock,
      lastLookMs: () => loop.lastLookMs,
      look: (reason) => loop.kick(reason),
    }),
  );
  store.add(
    ports.logs.follow(live.launch.logFile, offset, (chunk) => {
      readiness.feed(chunk);
      watch.printed(chunk);
    }),
  );
  return store;
}
