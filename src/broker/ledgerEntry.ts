/** What the ledger keeps of one run, and how it is read: nothing that is not understood is ever acted upon. */
import type { BackendKey } from '../model/backendDefinition';
import { isGroupOf } from '../platform/process/controlGroup';
import type { MachineIdentity } from '../platform/process/procTable';
import type { ProcessIdentity } from '../platform/process/types';

/** What a run was started with, as far as it may be written down: names of variables, never values. */
export interface LaunchFacts {
  /** Absolute. */
  readonly cwd: string;
  /** Where that led to. */
  readonly realCwd?: string;
  /** Hash of all that a running process would have to be restarted for. */
  readonly fingerprint: string;
  /** Hash of all that somebody agreed to run; without it nothing is started again by itself. */
  readonly whatRuns?: string;
  /** Names of variables that did not come from the window. */
  readonly ownNames: readonly string[];
  /** What the process was told to listen on. */
  readonly port?: number;
  /** Another one than `port` where a gateway stood in front. */
  readonly publicPort?: number;
  /** Where its output begins in the log file, in bytes. */
  readonly logOffset: number;
}

export interface LedgerEntry {
  readonly marker: string;
  readonly key: BackendKey;
  readonly machine: MachineIdentity;
  /** Absent until the process is known to exist. */
  readonly leader?: Pick<ProcessIdentity, 'pid' | 'startTime'>;
  /** `keep`: texts of command lines that are left alone where they have left its session. */
  readonly stop: { readonly signal: string; readonly graceMs: number; readonly keep?: readonly string[] };
  readonly launch: LaunchFacts;
  /** Folder of its control group. */
  readonly group?: string;
  /** Epoch ms. */
  readonly startedAtMs: number;
  /** Absent until it was ready. */
  readonly ready?: {
    readonly atMs: number;
    readonly afterMs: number;
    /** Where it listened, when that was not the port it was told. */
    readonly port?: number;
  };
  /** Set before the first signal of an end that is none by itself: whoever comes after us finishes it. */
  readonly ending?: {
    readonly to: EndTarget;
    /** Set after it: no second one is sent. */
    readonly signalled?: true;
  };
  /** Nothing runs, and its port wakes it. Epoch ms. */
  readonly asleep?: { readonly atMs: number };
  /** A person keeps it awake until then, epoch ms. */
  readonly keepAwake?: KeepAwakeEnd | undefined;
}

export type KeepAwakeEnd = number | 'forever';

/** Ended, or put to sleep. */
export type EndTarget = 'stopped' | 'quiesced';

/** Raised on every incompatible change of the entry. */
const version = 1;
export const maxEntryBytes = 64 * 1024;
const longestGraceMs = 600_000;

/** What is left of the entry of a run when its backend sleeps. */
export function asleepEntry(entry: LedgerEntry, atMs: number): LedgerEntry {
  const { marker, key, machine, stop, launch, startedAtMs, ready } = entry;
  return { marker, key, machine, stop, launch, startedAtMs, ...(ready && { ready }), asleep: { atMs } };
}

export function renderEntry(entry: LedgerEntry): string {
  return JSON.stringify({ version, ...entry });
}

/** Undefined for everything that is not exactly an entry of this version. */
export function parseEntry(text: string, marker: string): LedgerEntry | undefined {
  if (text.length > maxEntryBytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value['version'] !== version || value['marker'] !== marker) return undefined;
  return isEntry(value) ? value : undefined;
}

function isEntry(value: Fields): value is Fields & LedgerEntry {
  const { marker, key, machine, stop, launch, group, startedAtMs } = value;
  const isNamed = isText(marker) && /^[0-9a-f]{32}$/.test(marker) && isText(key) && key.includes('#');
  return (
    isNamed &&
    isMachine(machine) &&
    isStop(stop) &&
    isLaunch(launch) &&
    (group === undefined || (isText(group) && isGroupOf(group, marker))) &&
    isCount(startedAtMs) &&
    hasProgress(value)
  );
}

/** What came to be known of it in time. */
function hasProgress({ leader, ready, ending, asleep, keepAwake }: Fields): boolean {
  return (
    (leader === undefined || isLeader(leader)) &&
    (ready === undefined || isReady(ready)) &&
    (ending === undefined || isEnding(ending)) &&
    (asleep === undefined || (isObject(asleep) && isCount(asleep['atMs']))) &&
    (keepAwake === undefined || keepAwake === 'forever' || isCount(keepAwake))
  );
}

function isMachine(value: unknown): boolean {
  return isObject(value) && isText(value['bootId']) && isText(value['pidNamespace']);
}

function isReady(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { atMs, afterMs, port } = value;
  return isCount(atMs) && isCount(afterMs) && (port === undefined || isPort(port));
}

function isEnding(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { to, signalled } = value;
  return (to === 'stopped' || to === 'quiesced') && (signalled === undefined || signalled === true);
}

function isLeader(value: unknown): boolean {
  return isObject(value) && isCount(value['pid']) && value['pid'] > 1 && isText(value['startTime']);
}

function isStop(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { signal, graceMs, keep } = value;
  const keepsTexts = keep === undefined || (Array.isArray(keep) && keep.every((text) => typeof text === 'string'));
  const isSignal = isText(signal) && /^SIG[A-Z0-9]{2,8}$/.test(signal);
  return isSignal && isCount(graceMs) && graceMs <= longestGraceMs && keepsTexts;
}

function isLaunch(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { cwd, realCwd, fingerprint, whatRuns, ownNames, port, publicPort, logOffset } = value;
  return (
    isText(cwd) &&
    isText(fingerprint) &&
    [whatRuns, realCwd].every((one) => one === undefined || isText(one)) &&
    Array.isArray(ownNames) &&
    ownNames.every(isText) &&
    [port, publicPort].every((one) => one === undefined || isPort(one)) &&
    isCount(logOffset)
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isPort(value: unknown): boolean {
  return isCount(value) && value > 0 && value < 65_536;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
