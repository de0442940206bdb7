import { hostProcTable } from './hostProcTable';
import { isGone } from './procStat';
import type { ProcTable } from './procTable';
import type { ProcessInfo, ProcessStat, Run } from './types';

/** Everything that decides who belongs to a run. */
export interface FamilyFacts {
  readonly leader: { readonly pid: number; readonly startTime: string };
  readonly marker: string;
  /** Start time by pid of members seen before. */
  readonly remembered: ReadonlyMap<number, string>;
  readonly stats: readonly ProcessStat[];
  readonly markers: ReadonlyMap<number, string>;
  /** Never a member: ourselves. */
  readonly ownPid: number;
}

/**
 * The non-zombie members of a run: its group, its session, everything that descends from a member, members seen
 * before, and whoever carries the marker. Group and session count only while it is certain that their number is still
 * ours: the leader holds it, or a known member is inside.
 */
export function membersOf(facts: FamilyFacts): ProcessStat[] {
  const { leader, stats } = facts;
  const found = new Map<number, ProcessStat>();
  for (const stat of stats) if (isKnown(stat, facts)) found.set(stat.pid, stat);
  const leaderNow = stats.find((stat) => stat.pid === leader.pid);
  const inside = (stat: ProcessStat): boolean => stat.groupId === leader.pid || stat.sessionId === leader.pid;
  const ours = leaderNow ? leaderNow.startTime === leader.startTime : [...found.values()].some(inside);
  if (ours) for (const stat of stats) if (inside(stat)) found.set(stat.pid, stat);
  addDescendants(found, stats);
  return [...found.values()].filter((stat) => !isGone(stat.state) && stat.pid > 1 && stat.pid !== facts.ownPid);
}

function isKnown(stat: ProcessStat, { leader, marker, remembered, markers }: FamilyFacts): boolean {
  if (stat.startTime === '') return false;
  return (
    (stat.pid === leader.pid && stat.startTime === leader.startTime) ||
    remembered.get(stat.pid) === stat.startTime ||
    markers.get(stat.pid) === marker
  );
}

function addDescendants(found: Map<number, ProcessStat>, stats: readonly ProcessStat[]): void {
  const children = new Map<number, ProcessStat[]>();
  for (const stat of stats) {
    const siblings = children.get(stat.parentPid);
    if (siblings) siblings.push(stat);
    else children.set(stat.parentPid, [stat]);
  }
  const open = [...found.keys()];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (found.has(child.pid)) continue;
      found.set(child.pid, child);
      open.push(child.pid);
    }
  }
}

/** All living members of one run. The log pump is not one: it has its own session and no marker. */
export async function listFamily(run: Run, table: ProcTable = hostProcTable()): Promise<ProcessInfo[]> {
  const [family = []] = await listFamilies([run], table);
  return family;
}

/** The same for many runs with one look at the process table; answers in the order of `runs`. */
export async function listFamilies(runs: readonly Run[], table: ProcTable = hostProcTable()): Promise<ProcessInfo[][]> {
  // Another look may finish before this one: only what was known before may be forgotten by it.
  const before = runs.map((run) => [...(run.memory?.members.keys() ?? [])]);
  const stats = await table.stats();
  const markers = await table.markers(stats);
  const existing = new Set(stats.map((stat) => stat.pid));
  return runs.map((run, index) => {
    const remembered = run.memory?.members ?? new Map<number, string>();
    const { identity: leader, marker } = run;
    const members = membersOf({ leader, marker, remembered, stats, markers, ownPid: process.pid });
    for (const pid of before[index] ?? []) if (!existing.has(pid)) remembered.delete(pid);
    for (const member of members) remembered.set(member.pid, member.startTime);
    return members.map((member) => ({ ...member, command: table.commandOf(member.pid) }));
  });
}
