import type { Clock } from '../../base/clock';
import { mayBeSame, type ProcTable } from './procTable';
import type { ExitStatus, ProcessIdentity, Run, RunMemory } from './types';

/** Nobody is told when a process ends that is not one's child; a look at one process takes some 15 µs. */
const lookEveryMs = 250;

/** A run that an earlier broker started. Its exit is noticed, but how it ended is never known. */
export function adoptRun(
  known: Pick<Run, 'marker' | 'identity' | 'keep' | 'group'>,
  clock: Clock,
  table: ProcTable,
): Run {
  return new AdoptedRun(known, clock, table);
}

class AdoptedRun implements Run {
  readonly memory: RunMemory = { members: new Map() };
  readonly exited: Promise<ExitStatus>;
  readonly marker: string;
  readonly identity: ProcessIdentity;
  readonly keep: readonly string[];
  readonly group?: string;
  exitStatus: ExitStatus | undefined;

  constructor(
    { marker, identity, keep, group }: Pick<Run, 'marker' | 'identity' | 'keep' | 'group'>,
    private readonly clock: Clock,
    private readonly table: ProcTable,
  ) {
    this.marker = marker;
    this.identity = identity;
    this.keep = keep ?? [];
    if (group !== undefined) this.group = group;
    this.exited = new Promise((resolve) => this.lookUntilGone(resolve));
  }

  private lookUntilGone(tell: (status: ExitStatus) => void): void {
    if (mayBeSame(this.identity, this.table)) {
      this.clock.setTimer(lookEveryMs, () => this.lookUntilGone(tell));
      return;
    }
    this.exitStatus = {};
    tell(this.exitStatus);
  }
}
