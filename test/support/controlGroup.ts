/** A control group of the kernel for a test: it knows every process that was born in it, whatever became of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Hierarchies in which a group may be writable: version 2 beside version 1, version 2 alone, version 1. */
export const groupRoots = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup', '/sys/fs/cgroup/pids'];

export interface ControlGroup {
  /** Where a pid is written that is to become a member, its descendants to come included. */
  readonly door: string;
  /** Those of groups inside it included. */
  members(): number[];
  /** Groups that somebody has made inside it. */
  inner(): string[];
  /** Puts the caller out and removes the group; somebody who is left in it keeps it. */
  close(): void;
}

/** Undefined where no group can be made. */
export function makeControlGroup(name: string): ControlGroup | undefined {
  for (const root of groupRoots) {
    const group = join(root, name);
    const door = join(group, 'cgroup.procs');
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    // The root may be an ordinary folder in which the hierarchies are mounted: nothing appears by itself there.
    if (existsSync(door)) {
      const inner = (): string[] => innerGroups(group);
      const members = (): number[] => [group, ...inner()].flatMap(membersOf);
      return { door, members, inner, close: () => leave(root, group) };
    }
    removeGroup(group);
  }
  return undefined;
}

/** None of a group that went meanwhile. */
function membersOf(group: string): number[] {
  try {
    return readFileSync(join(group, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function innerGroups(group: string): string[] {
  try {
    const inner = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return inner.flatMap(({ name }) => [join(group, name), ...innerGroups(join(group, name))]);
  } catch {
    return [];
  }
}

function leave(root: string, group: string): void {
  if (membersOf(group).includes(process.pid)) {
    writeFileSync(join(root, 'cgroup.procs'), String(process.pid));
  }
  removeGroup(group);
}

/** Removes the empty groups whose names begin so; false while one is left: the dead leave when they are reaped. */
export function removeGroups(beginning: string): boolean {
  return groupRoots.every((root) => {
    const found = innerNames(root).filter((name) => name.startsWith(beginning));
    return found.map((name) => removeGroup(join(root, name))).every(Boolean);
  });
}

function innerNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** False: somebody is still in it. */
function removeGroup(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}
