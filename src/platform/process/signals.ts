import { constants } from 'node:os';
import { errorCode } from '../../base/errors';
import { osName } from '../os';
import { definedEnvironment } from './environment';
import { hostProcTable } from './hostProcTable';
import { outputOfSync } from './launch';
import { isGone } from './procStat';
import { presenceOf, type ProcTable } from './procTable';
import type { ProcessIdentity, ProcessStat } from './types';

export type SignalTarget =
  | { readonly kind: 'process'; readonly identity: ProcessIdentity }
  | {
      readonly kind: 'group';
      /** The leader: the process whose pid is the group's id. */
      readonly identity: ProcessIdentity;
      /** Members known to be of our run: they vouch for the group when its leader is gone. */
      readonly members?: readonly ProcessStat[];
    };

/**
 * `gone`: nobody there. `notOurs`: the pid belongs to somebody else now. `refused`: a target that is never signalled.
 * `unknown`: we could not look, and so did not send.
 */
export type SignalResult = 'sent' | 'gone' | 'notOurs' | 'notPermitted' | 'refused' | 'unknown';

/**
 * The one place that signals. Looks who is there in the same tick as it sends; refuses what is no pid, init,
 * ourselves and our own group.
 */
export function sendSignal(target: SignalTarget, signal: string, table: ProcTable = hostProcTable()): SignalResult {
  const { pid } = target.identity;
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid || !isSignal(signal)) return 'refused';
  const verdict = judge(target, table);
  if (verdict !== 'ours') return verdict;
  if (osName() === 'windows') return endTreeOnWindows(pid, signal);
  return kill(target.kind === 'group' ? -pid : pid, signal);
}

type Verdict = 'ours' | 'gone' | 'notOurs' | 'refused' | 'unknown';

function judge(target: SignalTarget, table: ProcTable): Verdict {
  try {
    if (target.kind === 'process') return mayHitProcess(target.identity, table);
    return mayBeOwnGroup(target.identity.pid, table) ? 'refused' : mayHitGroup(target, table);
  } catch {
    return 'unknown';
  }
}

function mayHitProcess(identity: ProcessIdentity, table: ProcTable): Verdict {
  switch (presenceOf(identity, table)) {
    case 'alive':
      return 'ours';
    case 'other':
      return 'notOurs';
    case 'unknown':
      return 'unknown';
    default:
      return 'gone';
  }
}

function mayHitGroup(target: SignalTarget & { kind: 'group' }, table: ProcTable): Verdict {
  const { identity, members = [] } = target;
  switch (presenceOf(identity, table)) {
    case 'alive':
      // Where there are groups, a leader that has not (yet) made its own would pass the signal to somebody else's.
      return [identity.pid, 0].includes(table.statOf(identity.pid)?.groupId ?? -1) ? 'ours' : 'notOurs';
    case 'zombie':
      // The number stays taken while the zombie is there: whoever is in the group joined it from our side.
      return 'ours';
    case 'other':
      return 'notOurs';
    case 'unknown':
      return 'unknown';
    case 'gone':
      return members.some((member) => standsIn(identity.pid, member, table)) ? 'ours' : 'gone';
  }
}

/** A member seen before that is still there, in the same group: so the group has been ours without a break. */
function standsIn(groupId: number, member: ProcessStat, table: ProcTable): boolean {
  const now = table.statOf(member.pid);
  return now !== undefined && now.startTime === member.startTime && now.groupId === groupId && !isGone(now.state);
}

function mayBeOwnGroup(groupId: number, table: ProcTable): boolean {
  if (osName() === 'windows') return false;
  const own = table.statOf(process.pid);
  return own === undefined || own.groupId === groupId;
}

function kill(pid: number, signal: string): SignalResult {
  try {
    process.kill(pid, signal);
    return 'sent';
  } catch (error) {
    return errorCode(error) === 'EPERM' ? 'notPermitted' : 'gone';
  }
}

/** There is no way to ask a console program to end; the tree is only reachable while its root lives. */
function endTreeOnWindows(pid: number, signal: string): SignalResult {
  if (signal === 'SIGCONT') return 'sent';
  const output = outputOfSync('taskkill', ['/PID', String(pid), '/T', '/F'], definedEnvironment(process.env));
  return output === undefined ? 'notPermitted' : 'sent';
}

function isSignal(name: string): boolean {
  return Object.hasOwn(constants.signals, name);
}
