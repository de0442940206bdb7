/** How a backend goes on under a new broker: the same processes, nothing started, nothing asked. */
import { defaultGateway, gatewayOf } from '../config/gatewayOf';
import { resolveDefinition } from '../config/resolve';
import type { ProbeDefinition } from '../model/backendDefinition';
import type { BackendRecord, LiveRun } from './backendRecord';
import { strictHint } from './guardedSpawn';
import type { Launch } from './launch';
import { whatRunsHash } from './launchFacts';
import type { EndTarget, LaunchFacts, LedgerEntry } from './ledgerEntry';
import { addressOf, type Neighbours } from './launchResolver';
import type { BrokerPorts, Orphan } from './ports';
import { ReadyWatch } from './readyWatch';
import { watchRun } from './runWatch';
import { bringToReady, showFailure } from './startSequence';
import { readyFileOf } from './saidReady';
import type { StartParams } from './startParams';
import type { StartRequest } from './startRequest';

export interface Adopted {
  readonly live: LiveRun;
  readonly logOffset: number;
  /** Epoch ms; absent while it is on its way. */
  readonly readySinceWallMs: number | undefined;
  /** Its end was begun, or has to be. */
  readonly ending: EndTarget | undefined;
  readonly endingCause: string;
}

/** One without a process, which its port wakes. */
export interface AdoptedAsleep {
  readonly marker: string;
  readonly launch: Launch;
  /** Epoch ms. */
  readonly sinceWallMs: number;
}

export const adoptionCause = 'taken over from a broker that ended unexpectedly';
const resumedEndCause = 'its end was begun by a broker that ended unexpectedly';
const unknownLookCause =
  'its definition was changed while it started, and nobody agreed yet to the command that tells when it is ready';
type Environment = Readonly<Record<string, string>>;

/** It was asked for in the time of the earlier broker. */
export const resumedStart: StartRequest = { origin: 'person', environment: {}, trusted: true };

/** What the new broker can know of a run: what was written down, what the file says now, what the process shows. */
export function adoptedFrom(
  { entry, run, environment }: Orphan,
  record: BackendRecord,
  ports: BrokerPorts,
  find: Neighbours['find'],
): Adopted {
  const { launch: facts, ready, ending } = entry;
  record.notStrict = notStrictNow(record, entry);
  const live: LiveRun = {
    run,
    // Without the process's own environment, that of the window which started the new broker is the best there is.
    launch: launchFrom(entry, environment ?? ports.ownEnvironment, record, ports, find),
    startedAtWallMs: entry.startedAtMs,
    upstreamPort: upstreamPortOf(entry),
    ...(ending !== undefined && { told: ending.signalled === true ? 'yes' : 'perhaps' }),
  };
  if (ready !== undefined) {
    live.readyAfterMs = ready.afterMs;
    live.readyAtMs = ports.clock.nowMs() - Math.max(0, ports.clock.wallMs() - ready.atMs);
  }
  const cannotBeAsked =
    ready === undefined && !isAgreedTo(record, facts) && record.definition.ready.probes.some(runsCommand);
  return {
    live,
    logOffset: facts.logOffset,
    readySinceWallMs: ready?.atMs,
    ending: ending?.to ?? (cannotBeAsked ? 'stopped' : undefined),
    endingCause: ending === undefined ? unknownLookCause : resumedEndCause,
  };
}

/** What the earlier broker said of it is not written down; that it has no control group is. */
function notStrictNow({ definition }: BackendRecord, { group }: LedgerEntry): string | undefined {
  if (definition.stop.strict !== true || group !== undefined) return undefined;
  return `"stop.strict" does not hold for this run: an earlier broker started it without a control group. ${strictHint}`;
}

/** There is no process any more that could show its environment: a wake uses that of the window. */
export function asleepFrom(
  entry: LedgerEntry,
  record: BackendRecord,
  ports: BrokerPorts,
  find: Neighbours['find'],
): AdoptedAsleep {
  const launch = launchFrom(entry, ports.ownEnvironment, record, ports, find);
  return { marker: entry.marker, launch, sinceWallMs: entry.asleep?.atMs ?? entry.startedAtMs };
}

/** What it was started with, as far as that is known; the record keeps its ports. */
function launchFrom(
  { launch: facts, ready }: LedgerEntry,
  env: Environment,
  record: BackendRecord,
  ports: BrokerPorts,
  find: Neighbours['find'],
): Launch {
  const publicPort = facts.publicPort ?? facts.port;
  const logFile = ports.logs.fileFor(record.key);
  const readyFile = readyFileOf(record.definition, logFile);
  // Where one stood in front before, one stands there again, whatever the file says now.
  const hadGateway = publicPort !== facts.port;
  record.broughtBefore = new Set(record.definition.dependsOn);
  if (record.definition.port === 'auto' && publicPort !== undefined) record.assignedPort = publicPort;
  if (hadGateway) {
    record.hiddenPort = facts.port;
    record.takenPort = ready?.port;
  }
  return {
    command: record.definition.command,
    cwd: facts.cwd,
    realCwd: facts.realCwd,
    env,
    ownNames: facts.ownNames,
    ...agreedLooks(looksOf(record, env, facts.port, ports, find), isAgreedTo(record, facts)),
    logFile,
    ...(readyFile === undefined ? {} : { readyFile }),
    ...(record.definition.socketActivation && facts.port !== undefined ? { listenOn: facts.port } : {}),
    fingerprint: facts.fingerprint,
    whatRuns: facts.whatRuns ?? '',
    windowEnvironment: windowOf(env, ports.ownEnvironment, new Set(facts.ownNames)),
    ...(facts.port === undefined ? {} : { port: facts.port }),
    ...(publicPort === undefined ? {} : { publicPort }),
    ...(hadGateway ? { gateway: gatewayOf(record.definition) ?? defaultGateway } : {}),
  };
}

/** What it was told, unless it took another one. */
function upstreamPortOf({ launch, ready }: LedgerEntry): number | undefined {
  return ready?.port ?? launch.port;
}

/** A ready backend is ready as soon as its gateway listens again; its countdown begins anew. */
export async function takeOverReady(
  { record, ports, onEnded }: Pick<StartParams, 'record' | 'ports' | 'onEnded'>,
  { live, readySinceWallMs }: Adopted,
  portIsTaken: Promise<unknown>,
): Promise<void> {
  record.live = live;
  record.lastLaunch = live.launch;
  record.to('starting', adoptionCause);
  await portIsTaken;
  live.watch = watchRun(record, ports, live.run, onEnded);
  record.to('ready', adoptionCause);
  if (!record.definition.oneShot) live.readyWatch = new ReadyWatch(record, ports, live);
  record.stateSinceWallMs = readySinceWallMs ?? record.stateSinceWallMs;
  record.changed();
}

/** One that was on its way is looked at again, with its whole output from the beginning. */
export async function resumeStart(
  params: StartParams,
  { live, logOffset }: Adopted,
  portIsTaken: Promise<unknown>,
): Promise<void> {
  const { record } = params;
  record.live = live;
  record.lastLaunch = live.launch;
  record.to('starting', params.cause);
  await portIsTaken;
  try {
    await bringToReady(params, live, logOffset);
  } catch (error) {
    throw showFailure(record, error);
  }
}

/** What the window gave it; names it has a value of its own for are looked up in the window of the new broker. */
function windowOf(env: Environment, window: Environment, own: ReadonlySet<string>): Environment {
  const given = Object.entries(env).filter(([name]) => !own.has(name));
  const covered = Object.entries(window).filter(([name]) => own.has(name));
  return Object.fromEntries([...given, ...covered]);
}

type Looks = Pick<Launch, 'probes' | 'quiesce' | 'liveness'>;

/** Whether the file still says what somebody agreed to when it was started. */
function isAgreedTo({ definition }: BackendRecord, { whatRuns }: LaunchFacts): boolean {
  return whatRuns === whatRunsHash(definition);
}

function runsCommand(probe: ProbeDefinition): boolean {
  return probe.kind === 'exec';
}

/** A command that came into the file since is not run before somebody starts the backend again. */
function agreedLooks(looks: Looks, agreed: boolean): Looks {
  if (agreed) return looks;
  const known = (probe: ProbeDefinition | undefined): ProbeDefinition | undefined =>
    probe && !runsCommand(probe) ? probe : undefined;
  return {
    probes: looks.probes.filter((probe) => !runsCommand(probe)),
    quiesce: known(looks.quiesce),
    liveness: known(looks.liveness),
  };
}

/** All it is asked by: until it is ready, while it is, and before it sleeps. */
function looksOf(
  { definition, folder }: BackendRecord,
  env: Readonly<Record<string, string>>,
  port: number | undefined,
  ports: BrokerPorts,
  find: Neighbours['find'],
): Looks {
  const resolved = resolveDefinition(definition, {
    workspaceFolder: folder.path,
    env,
    shell: ports.platform === 'win32' ? 'cmd' : 'posix',
    backend: (name) => addressOf(find(name)),
    ...(port === undefined ? {} : { port }),
  });
  if (!resolved.ok) {
    const { ready, liveness, stop } = definition;
    return { probes: ready.probes, quiesce: stop.quiesce, liveness: liveness?.probe };
  }
  const { probes, quiesce, liveness } = resolved.launch;
  return { probes, quiesce, liveness };
}
