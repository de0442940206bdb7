/** How a running backend ends: stopped by a person, or put to sleep. Both are true only when nothing is left. */
import type { BackendRecord, LiveRun } from './backendRecord';
import { CancellationSource } from '../base/cancellation';
import type { Failure } from '../model/failure';
import { endWords } from '../model/runMark';
import type { ProcessInfo } from '../platform/process/types';
import { fallAsleep } from './asleep';
import * as failures from './failures';
import { BackendFailure } from '../protocol/backendFailure';
import { finalLook } from './finalLook';
import { guardedStop } from './guardedStop';
import type { EndTarget } from './ledgerEntry';
import type { BrokerPorts } from './ports';
import { askToQuiesce } from './quiesceHook';

/** A sleep that has not sent its first signal yet can still be called off. */
export interface SoftDrain {
  cancelledBecause: string | undefined;
  /** By a person: that it is used is no reason against it, and a no is a refusal. */
  readonly asked: boolean;
  hard: boolean;
  /** Ends what is waited for meanwhile. */
  readonly calledOff: CancellationSource;
}

export function softDrain(asked: boolean): SoftDrain {
  return { cancelledBecause: undefined, asked, hard: false, calledOff: new CancellationSource() };
}

const portFreeLooks = 20;
const portFreeLookMs = 50;

export interface EndParams {
  readonly record: BackendRecord;
  readonly ports: BrokerPorts;
  readonly live: LiveRun | undefined;
  readonly target: EndTarget;
  readonly cause: string;
}

export interface Ended {
  /** What would not go, or why it is not known; the run then stays on the record, so that another stop tries again. */
  readonly failure?: Failure;
  /** SIGKILL was needed. */
  readonly forced: boolean;
  /** Processes of the keep-list that run on. */
  readonly kept: readonly ProcessInfo[];
}

/** Ends all processes of a run, whatever the reason; the one way in which a run leaves its record. */
export async function endFamily(
  record: BackendRecord,
  ports: BrokerPorts,
  live: LiveRun,
  to: EndTarget = 'stopped',
): Promise<Ended> {
  live.watch?.dispose();
  live.readyWatch?.dispose();
  try {
    const options = {
      ...record.definition.stop,
      keep: record.keepProcesses,
      ...(live.told === 'yes' && { signal: 'SIGCONT' }),
      ...(live.told === 'perhaps' && { perhapsTold: true }),
    };
    const { forced, leftovers, kept = [] } = await guardedStop(ports, live.run, options, to);
    if (leftovers.length > 0) return { forced, kept, failure: failures.leftBehind(record, leftovers, undefined) };
    if (to === 'quiesced') fallAsleep(record, ports.guard, live.run.marker);
    else ports.guard.over(live.run.marker);
    if (record.live === live) record.release();
    return { forced, kept };
  } catch (error) {
    return { forced: false, kept: [], failure: failures.notStopped(record, error) };
  }
}

/** Ends all processes, proves it, and only then takes the target state. Rejects with what is left. */
export async function endRun({ record, ports, live, target, cause }: EndParams): Promise<void> {
  if (live === undefined) {
    record.to(target, cause);
    return;
  }
  const ended = await endFamily(record, ports, live, target);
  const failure = ended.failure ?? (await portStillHeld(record, ports, live.upstreamPort));
  const said = target === 'quiesced' ? 'asleep' : 'stopped';
  const why = cause.startsWith(`${said} `) ? cause : `${said}: ${cause}`;
  const onPurpose = keptWords(record, ended.kept);
  await appendFooter(
    ports,
    live,
    `${record.definition.name} ${failure?.message ?? `${why}${onPurpose}`}`,
    ended.forced,
  );
  if (failure !== undefined) {
    record.fail(failure);
    throw new BackendFailure(failure);
  }
  const killed = ended.forced ? `; it did not react to ${record.definition.stop.signal} and was killed` : '';
  record.to(target, `${cause}${killed}${onPurpose}`);
}

/** Those of the keep-list are named: nobody shall wonder what still runs. */
function keptWords(record: BackendRecord, kept: readonly ProcessInfo[]): string {
  if (kept.length === 0) return '';
  const named = kept.map(({ pid, command }) => `process ${pid} (${record.shown(command)})`).join(', ');
  return `; left running, as localBackends.keepProcesses says: ${named}`;
}

/** The last line of a run in its log: why it ended, how, and after how long. */
export async function appendFooter(ports: BrokerPorts, live: LiveRun, text: string, forced = false): Promise<void> {
  const { code, signal } = live.run.exitStatus ?? {};
  const ranMs = ports.clock.wallMs() - live.startedAtWallMs;
  const how = endWords({
    ...(code === undefined ? {} : { exitCode: code }),
    ...(signal === undefined ? {} : { signal }),
    ranMs: Math.max(0, ranMs),
    forced,
  });
  await ports.logs.appendFooter(live.launch.logFile, `${text} (${how})`);
}

export interface SleepParams {
  readonly record: BackendRecord;
  readonly ports: BrokerPorts;
  readonly live: LiveRun;
  readonly drain: SoftDrain;
  readonly words: string;
  /** Lets what is in flight come to its end; false when that takes too long. */
  readonly settle: () => Promise<boolean>;
  /** `withoutWork`: its hook has just made it work. */
  readonly whyAwake: (withoutWork: boolean) => Promise<string | undefined>;
  /** Asked in the turn of the verdict: what came in meanwhile. */
  readonly busyNow: () => string | undefined;
  /** Called in that turn too: from then on nothing reaches the process any more. */
  readonly closeGate: () => void;
}

/**
 * Soft drain: it may be asked whether it agrees, then a last look in which activity that has already arrived can
 * speak. Then hard drain, from which there is no way back.
 */
export async function sleepRun(params: SleepParams): Promise<void> {
  const { record, ports, live, drain, words } = params;
  if (drain.asked) await settle(params);
  const hooked = live.launch.quiesce !== undefined;
  const refusal = hooked ? await askFirst(params) : undefined;
  const because = refusal ?? (await settledLook(params, hooked));
  const keep = drain.cancelledBecause ?? because ?? params.busyNow();
  // It may have come up again meanwhile, and be about to sleep once more: that is not this sleep's matter.
  if (record.state !== 'draining' || record.live !== live) throw failures.cancelled(record, 'it ended by itself.');
  if (keep !== undefined) {
    record.to('ready', `kept awake: ${keep}`);
    record.verdict(drain.asked ? 'refused' : 'kept', `kept awake: ${keep}`);
    throw failures.cancelled(record, `it stays awake: ${keep}.`);
  }
  drain.hard = true;
  params.closeGate();
  await endRun({ record, ports, live, target: 'quiesced', cause: words });
  record.verdict('slept', `asleep: ${words}`);
}

/** Connections that are not HTTP go on meanwhile: when a person waits the look has to fall between two requests. */
async function settledLook(params: SleepParams, hooked: boolean): Promise<string | undefined> {
  for (;;) {
    const because = await finalLook(params.ports.clock, () => params.whyAwake(hooked));
    if (because !== undefined || !params.drain.asked || params.busyNow() === undefined) return because;
    if (!(await settle(params))) return undefined;
  }
}

/** Whoever calls the sleep off does not wait for that. */
function settle({ drain, settle: quiet }: SleepParams): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const calledOff = drain.calledOff.onCancelled(() => resolve(false));
    quiet()
      .then(resolve, reject)
      .finally(() => calledOff.dispose());
  });
}

/** What is in use is not bothered with the question. */
async function askFirst({ record, ports, live, drain, whyAwake }: SleepParams): Promise<string | undefined> {
  return (await finalLook(ports.clock, () => whyAwake(false))) ?? askToQuiesce(record, ports, live, drain.calledOff);
}

/** A listener may close a moment after its process; who still holds the port after that is named. */
async function portStillHeld(
  record: BackendRecord,
  ports: BrokerPorts,
  port: number | undefined,
): Promise<Failure | undefined> {
  if (port === undefined) return undefined;
  for (let look = 0; look < portFreeLooks; look++) {
    if (await ports.net.isPortFree(port)) return undefined;
    await new Promise<void>((resolve) => ports.clock.setTimer(portFreeLookMs, resolve));
  }
  return failures.leftBehind(record, [], await ports.net.findHolder(port));
}
