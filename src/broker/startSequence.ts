/** One start, from the wish to ready: dependencies, a slot, the port, the process, the spawn wait. */
import { isUnreadOnly } from '../config/keepVanished';
import { backendUrl } from '../model/backendUrl';
import { lastWords } from '../model/lastWords';
import { goesOnElsewhere } from '../model/hiddenPort';
import type { ExitStatus, SpawnProblem } from '../platform/process/types';
import type { Disposable } from '../base/lifecycle';
import { BackendFailure } from '../protocol/backendFailure';
import type { BackendRecord, LiveRun } from './backendRecord';
import { appendFooter, endFamily } from './endSequence';
import { guardedSpawn } from './guardedSpawn';
import * as failures from './failures';
import type { Launch } from './launch';
import { lostPort, PortLost, tellLost } from './lostPort';
import { settledTail } from './logTail';
import type { BrokerPorts } from './ports';
import { listenedNowhere, listensElsewhere, portTrouble } from './portTrouble';
import { ReadyWatch } from './readyWatch';
import { watchRun } from './runWatch';
import type { StartParams } from './startParams';
import { spendsBudget } from './startRequest';
import { requireKnownPlace } from './wakeRequest';
import { waitForExit, waitUntilReady, type WaitResult } from './waitUntilReady';

/** Resolves when ready. Rejects with a {@link BackendFailure}, which the record then shows, unless nothing was begun. */
export async function startSequence(params: StartParams): Promise<void> {
  const { record, cancel } = params;
  if (!params.request.trusted) throw failures.untrusted(record);
  const { problem } = record.definition;
  const goesOn = isUnreadOnly(record.definition) && spendsBudget(params.request.origin);
  if (problem !== undefined && !goesOn) throw failures.invalidDefinition(record, problem);
  record.beginStart();
  const slot = await takeTurn(params);
  try {
    if (slot === undefined || cancel.cancelled) throw failures.cancelled(record, 'the start was cancelled.');
    if (record.state !== 'starting') record.to('starting', params.cause);
    await spawnAndWait(params);
  } catch (error) {
    throw showFailure(record, error);
  } finally {
    slot?.dispose();
  }
}

/** Everything it depends on is ready when this resolves with a slot; undefined when it was cancelled. */
async function takeTurn(params: StartParams): Promise<Disposable | undefined> {
  for (;;) {
    await waitForTurn(params);
    const slot = await waitForSlot(params);
    // What it depends on may have ended while it waited for its turn.
    const missing = params.services.missingDependencies(params.record, params.request);
    if (slot === undefined || params.cancel.cancelled || missing.length === 0) return slot;
    slot.dispose();
  }
}

/** `waiting` is shown only while something is really waited for. */
async function waitForTurn(params: StartParams): Promise<void> {
  const { record, services, request, cancel } = params;
  const missing = services.missingDependencies(record, request);
  if (missing.length === 0) {
    await services.bringDependencies(record, request, cancel);
    return;
  }
  if (record.state !== 'waiting') record.to('waiting', params.cause);
  record.waitingFor(missing);
  try {
    await services.bringDependencies(record, request, cancel);
  } catch (error) {
    throw showFailure(record, cancel.cancelled ? failures.cancelled(record, 'the start was cancelled.') : error);
  }
}

/** Only so many backends start at the same time; who has to wait for that says so, and behind whom. */
async function waitForSlot({ record, ports, services, cancel, cause }: StartParams): Promise<Disposable | undefined> {
  const beganMs = ports.clock.nowMs();
  let behind: readonly string[] | undefined;
  const slot = await services.takeTurn(record, cancel, (names) => {
    behind ??= names;
    if (record.state !== 'waiting') record.to('waiting', cause);
    record.waitsBehind(names);
  });
  if (behind !== undefined) record.addWait({ waitedMs: ports.clock.nowMs() - beganMs, behind });
  return slot;
}

/** Puts the record where the failure belongs; a cancelled start ends as stopped. */
export function showFailure(record: BackendRecord, error: unknown): BackendFailure {
  const failure =
    error instanceof BackendFailure
      ? error
      : BackendFailure.of('spawnFailed', `"${record.definition.name}": ${String(error)}`);
  // Why it had failed before is still the news when a start of it is called off.
  if (failure.code !== 'cancelled') record.amendFailure(failure.failure);
  const inProgress = record.state === 'waiting' || record.state === 'starting' || record.state === 'stopping';
  if (!inProgress) return failure;
  if (failure.code !== 'cancelled') record.fail(failure.failure);
  else {
    if (record.state === 'starting') record.to('stopping', 'the start was cancelled');
    record.to('stopped', 'the start was cancelled');
  }
  return failure;
}

/** A hidden port that a stranger takes in between is no reason to fail: there are others. */
async function spawnAndWait(params: StartParams): Promise<void> {
  for (let started = 1; ; started++) {
    try {
      await spawnOnce(params, started);
      return;
    } catch (error) {
      if (!(error instanceof PortLost)) throw error;
    }
  }
}

async function spawnOnce(params: StartParams, started: number): Promise<void> {
  const { record, ports, services, request, cancel } = params;
  const launch = await services.resolveLaunch(record, request);
  requireKnownPlace(record, request, launch);
  record.lastLaunch = launch;
  await requirePorts(params, launch, started);
  const marked = await ports.logs.appendHeader(
    launch.logFile,
    `${record.definition.name} ${params.cause}${addressWords(record, launch)}`,
  );
  if (cancel.cancelled) throw failures.cancelled(record, 'the start was cancelled.');
  const spawned = await guardedSpawn(record, ports, launch, marked);
  if (spawned.kind === 'failed') throw failures.spawnFailure(record, asWritten(spawned.problem, record, launch));
  const live = { run: spawned.run, launch, startedAtWallMs: ports.clock.wallMs(), upstreamPort: launch.port };
  await bringToReady(params, live, marked, started);
}

/** The backend prints its hidden port: what a person opens is another one. */
function addressWords({ definition }: BackendRecord, { gateway, publicPort }: Launch): string {
  const url = gateway === undefined ? undefined : backendUrl(definition, publicPort);
  return url === undefined ? '' : `, reached at ${url}`;
}

/**
 * From a process to ready; its output begins at `logOffset`. Rejects when it did not become ready and is gone. `started`:
 * how many were started for this start, where there may be another one.
 */
export async function bringToReady(
  params: StartParams,
  live: LiveRun,
  logOffset: number,
  started?: number,
): Promise<void> {
  const { record, ports } = params;
  const { startId } = record;
  record.live = live;
  record.changed();
  // One that is taken over has been on its way for a while.
  const startedMs = ports.clock.nowMs() - Math.max(0, ports.clock.wallMs() - live.startedAtWallMs);
  const result = await watchStart(params, live, logOffset).catch(async (error: unknown) => {
    await endFamily(record, ports, live);
    throw error;
  });
  if (result.kind === 'exited' && started !== undefined) {
    const lost = await lostPort(record, ports, live, started);
    if (lost !== undefined) throw lost;
  }
  if (result.kind === 'exited' || result.kind === 'timeout')
    ports.history.record(startId, 'failed', ports.clock.nowMs() - startedMs);
  if (result.kind !== 'ready') throw await cleanUp(params, live, result);
  live.readyAtMs = ports.clock.nowMs();
  live.readyAfterMs = live.readyAtMs - startedMs;
  ports.guard.ready(live.run.marker, live.readyAfterMs, live.upstreamPort);
  record.start = { ...record.start, readyAfterMs: live.readyAfterMs };
  // What a one-shot leaves in the background nobody would ever end.
  if (record.definition.oneShot) await endOneShot(record, ports, live);
  ports.history.record(startId, 'ready', live.readyAfterMs, result.saidSo);
  record.to('ready', `ready after ${(live.readyAfterMs / 1000).toFixed(2)} s`);
  if (!record.definition.oneShot) live.readyWatch = new ReadyWatch(record, ports, live);
}

/** Program and folder are named as they were written: what a variable of the environment stands for may be a secret. */
function asWritten(problem: SpawnProblem, record: BackendRecord, { command }: Launch): SpawnProblem {
  const message = record.shown(problem.message);
  const [written, run] = [record.definition.command[0], command[0]];
  if (typeof command === 'string' || written === undefined || run === undefined || run === '')
    return { ...problem, message };
  return { ...problem, message: message.replaceAll(run, written) };
}

/** The port of the process must be free, and so must that of its gateway, which is taken now. */
async function requirePorts({ record, ports, services }: StartParams, launch: Launch, started: number): Promise<void> {
  const { port, publicPort, gateway } = launch;
  const takenPublic = publicPort !== undefined && !(await services.takePublicPort(record, launch));
  if (!takenPublic && (port === undefined || (await ports.net.isPortFree(port)))) return;
  const taken = (takenPublic ? publicPort : port) ?? 0;
  const backend = services.backendOnPort(taken);
  const holder = await ports.net.findHolder(taken);
  const hidden = takenPublic || gateway === undefined ? undefined : port;
  if (hidden !== undefined && goesOnElsewhere({ started, port: hidden, heldByStranger: true, said: [] }))
    throw tellLost(record, ports, hidden, failures.holderWords(holder));
  throw failures.portTaken(record, backend === undefined ? holder : { ...holder, backend });
}

/** The watch outlives the start: it tells of the end of the ready process too. */
async function watchStart(params: StartParams, live: LiveRun, logOffset: number): Promise<WaitResult> {
  const { record, ports } = params;
  if (record.definition.oneShot) return waitForExit(params, live);
  let tellWait: ((status: ExitStatus) => void) | undefined;
  const watch = watchRun(record, ports, live.run, (status) => {
    tellWait?.(status);
    params.onEnded(status);
  });
  live.watch = watch;
  return waitUntilReady(params, live, logOffset, watch, (listener) => (tellWait = listener));
}

/** A start that did not become ready leaves no process behind; only then is the failure told. */
async function cleanUp(
  { record, ports }: StartParams,
  live: LiveRun,
  result: Exclude<WaitResult, { kind: 'ready' }>,
): Promise<BackendFailure> {
  const name = record.definition.name;
  const failure = await describe(record, ports, live, result);
  const exited = result.kind === 'exited';
  if (exited) record.fail(failure.failure);
  else record.to('stopping', failure.message);
  const { failure: left } = await endFamily(record, ports, live);
  await appendFooter(ports, live, `${name}: ${failure.message}`);
  if (left === undefined) return failure;
  // What is left is the worse news: a cancelled start that left something has failed.
  if (result.kind === 'cancelled') return new BackendFailure(left);
  const message = `${failure.message} ${left.message}`;
  return new BackendFailure({ ...failure.failure, message, ...(left.leftovers && { leftovers: left.leftovers }) });
}

async function endOneShot(record: BackendRecord, ports: BrokerPorts, live: LiveRun): Promise<void> {
  const { failure } = await endFamily(record, ports, live);
  if (failure !== undefined) throw new BackendFailure(failure);
  await appendFooter(ports, live, `${record.definition.name} is done`);
}

async function describe(
  record: BackendRecord,
  ports: BrokerPorts,
  live: LiveRun,
  result: Exclude<WaitResult, { kind: 'ready' }>,
): Promise<BackendFailure> {
  if (result.kind === 'cancelled') return failures.cancelled(record, 'the start was cancelled.');
  const logTail = await settledTail(ports, live.launch.logFile);
  if (result.kind === 'exited') return exitedBeforeReady(record, ports, live, result.status, logTail);
  const lastLook = record.probes.entries().at(-1);
  const trouble = await portTrouble(record, ports, live, logTail);
  const listensOn = await listensElsewhere(ports, live);
  const advice = trouble?.hint ?? (await listenedNowhere(ports, live)) ?? 'If it needs longer, raise "ready.timeout".';
  return new BackendFailure({
    code: 'readyTimeout',
    message: `"${record.definition.name}" was not ready within ${result.hardCeilingMs / 1000} s and was stopped.`,
    hint: `Last look: ${result.probed} → ${lastLook?.saw ?? 'nothing'}. ${advice}`,
    probed: `${result.probed} → ${lastLook?.saw ?? 'nothing'}`,
    logTail,
    ...(listensOn.length === 0 ? {} : { listensOn }),
    ...(trouble?.portHolder === undefined ? {} : { portHolder: trouble.portHolder }),
  });
}

async function exitedBeforeReady(
  record: BackendRecord,
  ports: BrokerPorts,
  live: LiveRun,
  status: ExitStatus,
  logTail: readonly string[],
): Promise<BackendFailure> {
  const common = { logTail, ...failures.exitFields(status) };
  const byShell = typeof live.launch.command === 'string' ? ports.processes.shellVerdict(status.code ?? 0) : undefined;
  const message = `"${record.definition.name}" ${failures.exitWords(status)} before it was ready.`;
  if (byShell !== undefined) {
    const said = logTail.at(-1);
    return new BackendFailure({
      code: byShell,
      message: `"${record.definition.name}" could not be started: ${said ?? `the shell exited with code ${status.code ?? ''}`}`,
      hint:
        byShell === 'commandNotFound'
          ? 'Is the command installed, and on PATH in the terminal that started the editor?'
          : 'Make the file executable.',
      ...common,
    });
  }
  const trouble = await portTrouble(record, ports, live, logTail);
  return new BackendFailure({
    code: 'exitedBeforeReady',
    message,
    hint: lastWords(logTail),
    ...trouble,
    ...common,
  });
}
