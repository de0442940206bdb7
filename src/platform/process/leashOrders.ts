import { keepSeparator, leashScript } from './leashScript';
import { windowsLeashScript } from './windowsLeashScript';
import type { ProcessIdentity } from './types';

/** A run as the leash has to end it. */
export interface LeashedRun {
  readonly marker: string;
  /** Undefined before the process exists: then only its marker tells. */
  readonly leader: Pick<ProcessIdentity, 'pid' | 'startTime'> | undefined;
  readonly signal: string;
  readonly graceMs: number;
  /** The signal may have been sent or not: it comes only after a grace. */
  readonly perhapsTold?: boolean;
  /** Texts of command lines that are left alone where they have left its session. */
  readonly keep?: readonly string[];
  /** Folder of its control group. */
  readonly group?: string;
}

export type LeashOrder =
  | { readonly kind: 'run'; readonly run: LeashedRun }
  | { readonly kind: 'end'; readonly marker: string }
  /** How long it waits for a new broker when ours has gone. */
  | { readonly kind: 'hold'; readonly holdMs: number };

export interface LeashPlace {
  /** The broker's folder in the ledger; undefined when it could not be made. */
  readonly records: string | undefined;
  /** The machine, as folders of the ledger name it. */
  readonly machine: string;
}

/** One order as the line that the leash reads. */
export function leashLine(order: LeashOrder): string {
  switch (order.kind) {
    case 'run':
      return `run ${order.run.marker} ${runFields(order.run)} ${order.run.group ?? '-'}${keepField(order.run.keep)}`;
    case 'end':
      return `end ${order.marker}`;
    case 'hold':
      return `hold ${tenths(order.holdMs)}`;
  }
}

/** A start time without blanks and separators, as the leash and the names of folders write it. */
export function startToken(startTime: string): string {
  return startTime.trim().replace(/\s+/g, '_').replace(/[:.]/g, '-');
}

/** The program and arguments that run a leash. */
export function leashInvocation(
  windows: boolean,
  { records = '', machine }: LeashPlace,
): { readonly file: string; readonly args: readonly string[] } {
  if (windows)
    return { file: 'powershell.exe', args: ['-NoProfile', '-NonInteractive', '-Command', windowsLeashScript] };
  return { file: '/bin/sh', args: ['-c', leashScript, 'local-backends-leash', records, machine] };
}

/** Without a start time nothing counts as ours: then the marker has to do. */
function runFields({ leader, signal, graceMs, perhapsTold = false }: LeashedRun): string {
  const known = leader !== undefined && leader.startTime !== '' ? leader : { pid: 0, startTime: '-' };
  const grace = tenths(graceMs);
  return [known.pid, startToken(known.startTime), signal.replace(/^SIG/, ''), grace, perhapsTold ? grace : 0].join(':');
}

const controlCharacter = /\p{Cc}/u;

/** Ends with a separator, so that no blank at an end gets lost. What holds a control character is never looked for. */
function keepField(keep: readonly string[] = []): string {
  const texts = keep.filter((text) => text !== '' && !controlCharacter.test(text));
  return texts.length === 0 ? '' : ` ${keepSeparator}${texts.join(keepSeparator)}${keepSeparator}`;
}

function tenths(ms: number): number {
  return Math.max(0, Math.ceil(ms / 100));
}
