import { descendantsOf } from './descendants';
import { keptBy } from './keepList';
import { isSame, type ProcTable } from './procTable';
import type { Run } from './types';

/**
 * Those of a run's family that can be told at once: the leader and its descendants; none once it has exited. Whom the
 * keep-list names is none of them, as in the whole family, and neither is what descends from it.
 */
export function nearFamily(run: Run, table: ProcTable): readonly number[] {
  if (run.exitStatus !== undefined || !isSame(run.identity, table)) return [];
  const { pid: leader } = run.identity;
  const { keeps } = run.group === undefined ? keptBy(run.keep ?? [], table) : {};
  return descendantsOf(leader, (pid) => {
    try {
      const stat = keeps && table.statOf(pid);
      return stat !== undefined && ![stat.groupId, stat.sessionId].includes(leader) && keeps?.(pid) === true;
    } catch {
      // What cannot be looked at vouches for nothing.
      return true;
    }
  });
}
