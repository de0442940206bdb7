/** What makes a start look before the schedule says so: the port, and the output. */
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import { takenPort } from '../model/takenPort';
import type { LiveRun } from './backendRecord';
import { OutputWatch } from './outputWatch';
import type { Readiness } from './ports';
import type { SpawnWaitLoop } from './spawnWaitLoop';
import type { StartParams } from './startParams';
import { WhereItListens, type Adopting } from './whereItListens';

/** Of the output, in which the port may be named. */
const printedLines = 50;

/** Looks when a listener appears on the port that is probed, and tells where it listens instead. */
export function watchPort(
  params: StartParams,
  live: LiveRun,
  store: DisposableStore,
  loop: SpawnWaitLoop,
): WhereItListens | undefined {
  const port = probedPort(live);
  // What it was handed listens from the beginning, and a look that waits there is answered when it is ready.
  if (port === undefined || live.launch.listenOn !== undefined) return undefined;
  const { clock, net, processes } = params.ports;
  const waits = (): boolean => !loop.isConnected;
  const look = (reason: string): void => loop.kick(reason);
  let moved = true;
  const usual = params.ports.history.expectation(params.record.startId);
  const lastLookMs = (): number => loop.lastLookMs;
  const subject = {
    ...{ lastLookMs, startedMs: clock.nowMs(), waits, look, moved: () => (moved = true) },
    ...(usual === undefined ? {} : { usual }),
  };
  let listener = store.add(net.watchForListener({ ...subject, port }));
  const adopting = adoptingOf(params, live, (taken) => {
    store.delete(listener);
    listener = store.add(net.watchForListener({ ...subject, port: taken }));
    loop.kick(`it listens on port ${taken}`);
  });
  return store.add(
    new WhereItListens({
      clock,
      port,
      // Where it was adopted it may yet come to where it shall be.
      waits: () => waits() || live.upstreamPort !== live.launch.port,
      moved: () => {
        const seen = moved;
        moved = false;
        return seen;
      },
      places: () => net.listeningPlaces(processes.nearPids(live.run)),
      changed: () => loop.kick('it listens elsewhere'),
      ...(adopting === undefined ? {} : { adopting }),
    }),
  );
}

/** A socket's file is made in the moment in which it is bound; it listens an instant later. */
const boundPauseMs = 5;

/** Looks when the file of a socket that is probed comes or changes. */
export function watchSockets({ ports }: StartParams, { launch }: LiveRun, loop: SpawnWaitLoop): DisposableStore {
  const store = new DisposableStore();
  for (const probe of launch.probes) {
    if (probe.kind !== 'unix') continue;
    let again: Disposable | undefined;
    const look = (): void => loop.kick('something happened to its socket');
    store.add(
      ports.files.watchName(probe.path, () => {
        look();
        again?.dispose();
        again = ports.clock.setTimer(boundPauseMs, look);
      }),
    );
    store.add(toDisposable(() => again?.dispose()));
  }
  return store;
}

/** One that becomes ready without a look at its port (its log tells) is reached behind a gateway nevertheless. */
export async function findPort(params: StartParams, live: LiveRun): Promise<void> {
  const { net, processes } = params.ports;
  const { port, publicPort } = live.launch;
  const adopting = probedPort(live) === undefined ? adoptingOf(params, live, () => {}) : undefined;
  if (adopting === undefined || port === undefined) return;
  const places = await net.listeningPlaces(processes.nearPids(live.run)).catch(() => []);
  const printed = places.length === 0 ? [] : await adopting.printed().catch(() => []);
  const taken = takenPort({ places, given: port, publicPort, printed });
  if (taken.kind === 'one') adopting.adopt(taken.port);
}

/** Behind a gateway nobody but us has to know where the process listens. */
function adoptingOf(
  { record, ports }: StartParams,
  live: LiveRun,
  adopted: (port: number) => void,
): Adopting | undefined {
  const { gateway, publicPort, port, logFile } = live.launch;
  const probed = probedPort(live);
  if (gateway === undefined || (probed !== undefined && probed !== port)) return undefined;
  return {
    publicPort,
    tookBefore: record.takenPort,
    printed: () => ports.logs.lastLines(logFile, printedLines),
    adopt: (taken) => {
      live.upstreamPort = taken;
      record.takenPort = taken === port ? undefined : taken;
      if (taken !== port) record.tookPort(taken, port);
      adopted(taken);
    },
  };
}

/** Where a probe of the backend's port looks; undefined when none does. */
export function probedPort({ launch, upstreamPort }: LiveRun): number | undefined {
  for (const probe of launch.probes) {
    if (probe.kind === 'tcp' && probe.port !== undefined && probe.port !== launch.port) return probe.port;
    if (probe.kind === 'tcp' || probe.kind === 'http' || probe.kind === 'grpc') return upstreamPort;
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
