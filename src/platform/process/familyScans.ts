import type { Clock } from '../../base/clock';
import { confinedBy, familyOf } from './family';
import type { ProcTable } from './procTable';
import type { ProcessStat, Run } from './types';

interface Scan {
  readonly begunMs: number;
  readonly stats: readonly ProcessStat[];
  readonly markers: ReadonlyMap<number, string>;
}

/**
 * Families of many runs from few looks at the process table: a look takes some 20 ms where 400 processes run,
 * and tells of all runs at once. Whoever asks says how old the look may be.
 */
export class FamilyScans {
  private latest: { readonly begunMs: number; readonly scan: Promise<Scan> } | undefined;
  /** What was remembered of a run, and when that was noted. */
  private readonly known = new WeakMap<Run, { readonly atMs: number; readonly pids: readonly number[] }>();

  constructor(
    private readonly table: ProcTable,
    private readonly clock: Clock,
  ) {}

  /** Pids of the living members of a run, seen by a look that began at `notBeforeMs` or later. */
  async pidsOf(run: Run, notBeforeMs: number): Promise<readonly number[]> {
    return this.membersIn(await this.scan(notBeforeMs), run).map((member) => member.pid);
  }

  private scan(notBeforeMs: number): Promise<Scan> {
    if (this.latest !== undefined && this.latest.begunMs >= notBeforeMs) return this.latest.scan;
    const begunMs = this.clock.nowMs();
    const latest = { begunMs, scan: this.look(begunMs) };
    this.latest = latest;
    // A look that failed tells nothing: the next who asks looks anew.
    latest.scan.catch(() => {
      if (this.latest === latest) this.latest = undefined;
    });
    return latest.scan;
  }

  private async look(begunMs: number): Promise<Scan> {
    const stats = await this.table.stats();
    return { begunMs, stats, markers: await this.table.markers(stats) };
  }

  private membersIn({ begunMs, stats, markers }: Scan, run: Run): readonly ProcessStat[] {
    const { identity: leader, marker } = run;
    const remembered = run.memory?.members ?? new Map<number, string>();
    const facts = { leader, marker, remembered, stats, markers, ownPid: process.pid };
    const { members } = familyOf({ ...facts, ...confinedBy(run, run.keep ?? [], this.table) });
    const known = this.known.get(run);
    // Only what was known before the look began may be forgotten by it: a later look may have found more.
    if (known !== undefined && known.atMs < begunMs) {
      const existing = new Set(stats.map((stat) => stat.pid));
      for (const pid of known.pids) if (!existing.has(pid)) remembered.delete(pid);
    }
    for (const member of members) remembered.set(member.pid, member.startTime);
    this.known.set(run, { atMs: this.clock.nowMs(), pids: [...remembered.keys()] });
    return members;
  }
}
