import { groupMembers } from './controlGroup';
import { hostProcTable } from './hostProcTable';
import { keptBy } from './keepList';
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
  /** Members of the run's control group, looked at after `stats`: whoever had the pid before has another start time. */
  readonly group?: ReadonlySet<number>;
  /** Never a member: ourselves. */
  readonly ownPid: number;
  /** Whether the command line of a process outside of group and session is on the keep-list. */
  readonly keeps?: (pid: number) => boolean;
}

export interface Family<Member = ProcessInfo> {
  readonly members: readonly Member[];
  /** Left group and session on purpose, and are to be left alone. */
  readonly kept: readonly Member[];
}

/**
 * The non-zombie members of a run: its group, its session, everything that descends from a member, members seen
 * before, and whoever carries the marker or is in the control group of the run. Group and session count only while it is certain that their number is still
 * ours: the leader holds it, or a known member is inside.
 *
 * One of the keep-list serves others too. What descends from it may be theirs: that counts only by its own marker, group
 * or session.
 */
export function familyOf(facts: FamilyFacts): Family<ProcessStat> {
  const { leader, marker, markers, stats } = facts;
  const found = new Map<number, ProcessStat>();
  for (const stat of stats) if (isKnown(stat, facts)) found.set(stat.pid, stat);
  const leaderNow = stats.find((stat) => stat.pid === leader.pid);
  const inside = (stat: ProcessStat): boolean => stat.groupId === leader.pid || stat.sessionId === leader.pid;
  const ours = leaderNow ? leaderNow.startTime === leader.startTime : [...found.values()].some(inside);
  if (ours) for (const stat of stats) if (inside(stat)) found.set(stat.pid, stat);
  const childrenOf = byParent(stats);
  const keeps = (stat: ProcessStat): boolean =>
    facts.keeps !== undefined && stat.groupId > 0 && !inside(stat) && !isGone(stat.state) && facts.keeps(stat.pid);
  const kept = addDescendants(found, childrenOf, keeps);
  dropDescendants(found, kept, childrenOf, (stat) => markers.get(stat.pid) === marker || (ours && inside(stat)));
  const counts = (stat: ProcessStat): boolean => !isGone(stat.state) && stat.pid > 1 && stat.pid !== facts.ownPid;
  return { members: [...found.values()].filter(counts), kept: [...kept.values()].filter(counts) };
}

function isKnown(stat: ProcessStat, { leader, marker, remembered, markers, group }: FamilyFacts): boolean {
  if (stat.startTime === '') return false;
  return (
    (stat.pid === leader.pid && stat.startTime === leader.startTime) ||
    remembered.get(stat.pid) === stat.startTime ||
    markers.get(stat.pid) === marker ||
    group?.has(stat.pid) === true
  );
}

type ByParent = ReadonlyMap<number, readonly ProcessStat[]>;

function byParent(stats: readonly ProcessStat[]): ByParent {
  const children = new Map<number, ProcessStat[]>();
  for (const stat of stats) {
    const siblings = children.get(stat.parentPid);
    if (siblings) siblings.push(stat);
    else children.set(stat.parentPid, [stat]);
  }
  return children;
}

/** Adds to `found` what descends from it, and takes those out that are kept: the way down ends at them. */
function addDescendants(
  found: Map<number, ProcessStat>,
  childrenOf: ByParent,
  keeps: (stat: ProcessStat) => boolean,
): ReadonlyMap<number, ProcessStat> {
  const kept = new Map<number, ProcessStat>();
  const open = [...found.values()];
  for (let stat = open.pop(); stat !== undefined; stat = open.pop()) {
    if (keeps(stat)) {
      found.delete(stat.pid);
      kept.set(stat.pid, stat);
      continue;
    }
    for (const child of childrenOf.get(stat.pid) ?? []) {
      if (found.has(child.pid) || kept.has(child.pid)) continue;
      found.set(child.pid, child);
      open.push(child);
    }
  }
  return kept;
}

/** Takes out of `found` what was seen before, when it still belonged to us, and descends from one that is kept. */
function dropDescendants(
  found: Map<number, ProcessStat>,
  kept: ReadonlyMap<number, ProcessStat>,
  childrenOf: ByParent,
  isOurs: (stat: ProcessStat) => boolean,
): void {
  const open = [...kept.keys()];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    for (const child of childrenOf.get(pid) ?? []) {
      if (isOurs(child) || kept.has(child.pid)) continue;
      found.delete(child.pid);
      open.push(child.pid);
    }
  }
}

/** The living members of a run, and who is kept. The log pump is neither: it has its own session and no marker. */
export async function lookAtFamily(
  run: Run,
  table: ProcTable = hostProcTable(),
  keep: readonly string[] = run.keep ?? [],
): Promise<Family> {
  const [family] = await lookAtFamilies([{ run, keep }], table);
  return family ?? { members: [], kept: [] };
}

/** All living members of one run. */
export async function listFamily(
  run: Run,
  table?: ProcTable,
  keep?: readonly string[],
): Promise<readonly ProcessInfo[]> {
  return (await lookAtFamily(run, table, keep)).members;
}

/** The same for many runs with one look at the process table; answers in the order of `runs`. */
export async function listFamilies(
  runs: readonly Run[],
  table: ProcTable = hostProcTable(),
): Promise<(readonly ProcessInfo[])[]> {
  const families = await lookAtFamilies(
    runs.map((run) => ({ run, keep: run.keep ?? [] })),
    table,
  );
  return families.map(({ members }) => members);
}

/** A control group is strict: nothing in it is spared. */
export function confinedBy(
  { group }: Run,
  keep: readonly string[],
  table: ProcTable,
): Pick<FamilyFacts, 'group' | 'keeps'> {
  return group === undefined ? keptBy(keep, table) : { group: new Set(groupMembers(group)) };
}

async function lookAtFamilies(
  subjects: readonly { readonly run: Run; readonly keep: readonly string[] }[],
  table: ProcTable,
): Promise<Family[]> {
  // Another look may finish before this one: only what was known before may be forgotten by it.
  const before = subjects.map(({ run }) => [...(run.memory?.members.keys() ?? [])]);
  const stats = await table.stats();
  const markers = await table.markers(stats);
  const existing = new Set(stats.map((stat) => stat.pid));
  const withCommand = (stat: ProcessStat): ProcessInfo => ({ ...stat, command: table.commandOf(stat.pid) });
  return subjects.map(({ run, keep }, index) => {
    const remembered = run.memory?.members ?? new Map<number, string>();
    const { identity: leader, marker } = run;
    const facts = { leader, marker, remembered, stats, markers, ownPid: process.pid };
    const { members, kept } = familyOf({ ...facts, ...confinedBy(run, keep, table) });
    for (const pid of before[index] ?? []) if (!existing.has(pid)) remembered.delete(pid);
    for (const member of members) remembered.set(member.pid, member.startTime);
    return { members: members.map(withCommand), kept: kept.map(withCommand) };
  });
}
