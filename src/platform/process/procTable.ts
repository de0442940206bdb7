import type { ProcessIdentity, ProcessStat } from './types';
import { isGone } from './procStat';

/** What makes a pid of this machine, boot and container different from the same number elsewhere. */
export interface MachineIdentity {
  readonly bootId: string;
  readonly pidNamespace: string;
}

/**
 * The process table of the operating system. Single looks are synchronous on purpose: between the look at a
 * pid and the signal to it there must be no turn of the event loop.
 */
export interface ProcTable {
  /** Undefined when the boot cannot be told: then no process counts as ours. */
  machine(): MachineIdentity | undefined;
  /** Also answers for a zombie; undefined when there is no such process. Throws when we cannot look. */
  statOf(pid: number): ProcessStat | undefined;
  /** Command line with secrets masked; empty when it cannot be read. */
  commandOf(pid: number): string;
  /** As it is, to look for words in it; never to be shown. Empty when it is not ours to read; throws when we cannot look. */
  wholeCommandOf(pid: number): string;
  /** How a process takes a signal; undefined when it is gone. Absent where the system does not tell. */
  takes?(pid: number, signal: string): SignalTaking | undefined;
  /** All visible processes; never holds the event loop for long. Rejects when it cannot look: none is never the answer. */
  stats(): Promise<readonly ProcessStat[]>;
  /** Run marker by pid, for those of `stats` whose environment may be read. */
  markers(stats: readonly ProcessStat[]): Promise<ReadonlyMap<number, string>>;
}

export interface SignalTaking {
  /** By a handler of its own. */
  readonly catches: boolean;
  /** Base name of the program that it runs; empty when it cannot be read. */
  readonly program: string;
}

/** What a command lists, which holds at least that command itself: an empty list means that it could not look. */
export function seenBy<T>(command: string, processes: readonly T[]): readonly T[] {
  if (processes.length === 0) throw new Error(`the processes could not be listed with ${command}`);
  return processes;
}

/**
 * What became of the process an identity speaks of; `other` means that the pid is not (or no longer) ours, `unknown` that
 * we have no means to look just now (out of file descriptors).
 */
export type Presence = 'alive' | 'zombie' | 'gone' | 'other' | 'unknown';

/** Takes the identity of a pid as it is now. For one's own fresh child: in the tick of the spawn, before it can be reaped. */
export function identityOf(pid: number, table: ProcTable): ProcessIdentity | undefined {
  const machine = table.machine();
  const stat = lookAt(pid, table);
  if (stat === 'unknown') return undefined;
  return machine && stat ? { pid, startTime: stat.startTime, ...machine } : undefined;
}

/** Looks whether the process is still the one that was meant. */
export function presenceOf(identity: ProcessIdentity, table: ProcTable): Presence {
  const machine = table.machine();
  const sameMachine = machine?.bootId === identity.bootId && machine.pidNamespace === identity.pidNamespace;
  if (!sameMachine || identity.startTime === '') return 'other';
  const stat = lookAt(identity.pid, table);
  if (stat === 'unknown') return stat;
  if (!stat) return 'gone';
  if (stat.startTime !== identity.startTime) return 'other';
  return isGone(stat.state) ? 'zombie' : 'alive';
}

/** True while the very process of the identity exists and is no zombie. */
export function isSame(identity: ProcessIdentity, table: ProcTable): boolean {
  return presenceOf(identity, table) === 'alive';
}

/** The same, or it cannot be told: nothing may be taken for ended because we lack the means to look. */
export function mayBeSame(identity: ProcessIdentity, table: ProcTable): boolean {
  return ['alive', 'unknown'].includes(presenceOf(identity, table));
}

function lookAt(pid: number, table: ProcTable): ProcessStat | undefined | 'unknown' {
  try {
    return table.statOf(pid);
  } catch {
    return 'unknown';
  }
}
