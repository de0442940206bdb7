import type { ProcTable } from './procTable';
import type { ProcessInfo, Run } from './types';

export interface SplitFamily {
  readonly members: readonly ProcessInfo[];
  /** Left the session of the run on purpose, and are to be left alone. */
  readonly kept: readonly ProcessInfo[];
}

/**
 * Takes those out of a family whose command line holds one of the texts of the keep-list and that have left its session
 * and group: build daemons serve others too, and end by themselves. What they start is judged by itself.
 */
export function splitKept(
  { identity }: Run,
  family: readonly ProcessInfo[],
  keep: readonly string[],
  table: Pick<ProcTable, 'wholeCommandOf'>,
): SplitFamily {
  const isKept = ({ pid, groupId, sessionId }: ProcessInfo): boolean => {
    if (groupId === 0 || groupId === identity.pid || sessionId === identity.pid) return false;
    const command = table.wholeCommandOf(pid);
    return keep.some((text) => text !== '' && command.includes(text));
  };
  if (keep.length === 0) return { members: family, kept: [] };
  const kept = family.filter(isKept);
  return { members: family.filter((member) => !kept.includes(member)), kept };
}
