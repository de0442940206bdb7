/** A control group of the kernel for a test: it knows every process that was born in it, whatever became of it. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Hierarchies in which a group may be writable: version 2 beside version 1, version 2 alone, version 1. */
const roots = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup', '/sys/fs/cgroup/pids'];

export interface ControlGroup {
  /** Where a pid is written that is to become a member, its descendants to come included. */
  readonly door: string;
  members(): number[];
  /** Puts the caller out and removes the group; somebody who is left in it keeps it. */
  close(): void;
}

/** Undefined where no group can be made. */
export function makeControlGroup(name: string): ControlGroup | undefined {
  for (const root of roots) {
    const group = join(root, name);
    const door = join(group, 'cgroup.procs');
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    // The root may be an ordinary folder in which the hierarchies are mounted: nothing appears by itself there.
    if (existsSync(door)) return { door, members: () => membersOf(door), close: () => leave(root, group) };
    removeGroup(group);
  }
  return undefined;
}

function membersOf(door: string): number[] {
  return readFileSync(door, 'latin1').split('\n').filter(Boolean).map(Number);
}

function leave(root: string, group: string): void {
  if (membersOf(join(group, 'cgroup.procs')).includes(process.pid)) {
    writeFileSync(join(root, 'cgroup.procs'), String(process.pid));
  }
  removeGroup(group);
}

function removeGroup(group: string): void {
  try {
    rmdirSync(group);
  } catch {
    // Somebody is still in it: that has been told.
  }
}
