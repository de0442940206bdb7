/**
 * A control group of the kernel (version 2) for one run: whatever a process does to its environment, its session and its
 * parents, it stays in the group, and so does all that it starts. Made inside the group that we are in: only there may an
 * ordinary user make one and move processes into it, and only where that one is delegated to them.
 */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { errorCode, errorMessage } from '../../base/errors';
import { osName } from '../os';
import { newMarker } from './runMarker';
import { ownControlGroup } from './ownControlGroup';

export type GroupPlace =
  | { readonly kind: 'place'; readonly path: string }
  /** In words, to be put behind "because". */
  | { readonly kind: 'none'; readonly why: string };

/** Where the group of a run would be; it is not made yet. */
export function groupPlace(marker: string): GroupPlace {
  if (osName() !== 'linux') return { kind: 'none', why: 'only Linux has control groups' };
  const own = ownControlGroup();
  if (own === undefined) return { kind: 'none', why: 'no control group of version 2 is mounted here' };
  if (/[\s\p{Cc}]/u.test(own)) return { kind: 'none', why: `the name of the control group ${own} has blanks in it` };
  const why = whyNotIn(own);
  return why === undefined ? { kind: 'place', path: join(own, groupName(marker)) } : { kind: 'none', why };
}

/** Whether a path from a record can be that of the run's group: what is not is never acted upon. */
export function isGroupOf(path: string, marker: string): boolean {
  return path.startsWith('/') && basename(path) === groupName(marker) && !/[\s\p{Cc}]/u.test(path);
}

/** Throws where it cannot be made. */
export function makeGroup(path: string): void {
  mkdirSync(path);
}

/** File into which a process writes its id to become a member, its descendants to come included. */
export function doorOf(group: string): string {
  return join(group, 'cgroup.procs');
}

/** Ids of the members, those of groups inside it included; zombies are none. Throws when we cannot look. */
export function groupMembers(group: string): number[] {
  return groupsIn(group).flatMap((each) => {
    try {
      return readFileSync(doorOf(each), 'latin1').split('\n').filter(Boolean).map(Number);
    } catch (error) {
      if (isRemoved(error) || isThreaded(error)) return [];
      throw error;
    }
  });
}

/** SIGKILL to all members at once, so that none can bear another meanwhile. */
export function killGroup(group: string): void {
  try {
    writeFileSync(join(group, 'cgroup.kill'), '1', { flag: 'r+' });
  } catch {
    // Gone, or a kernel that cannot: each member is killed on its own as well.
  }
}

/** False while somebody is in it. */
export function removeGroup(group: string): boolean {
  try {
    for (const each of groupsIn(group).reverse()) removeOne(each);
    return true;
  } catch (error) {
    return errorCode(error) !== 'EBUSY';
  }
}

function removeOne(group: string): void {
  try {
    rmdirSync(group);
  } catch (error) {
    if (!isRemoved(error)) throw error;
  }
}

function groupName(marker: string): string {
  return `local-backends-${marker}`;
}

/** Itself and the groups inside it, each before what is inside it. */
function groupsIn(group: string): string[] {
  const found = [group];
  for (const each of found) {
    try {
      const inside = readdirSync(each, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      found.push(...inside.map(({ name }) => join(each, name)));
    } catch (error) {
      if (!isRemoved(error)) throw error;
    }
  }
  return found;
}

function isRemoved(error: unknown): boolean {
  return ['ENOENT', 'ENODEV'].includes(errorCode(error) ?? '');
}

/** Of a threaded group the kernel names no members: they are those of the group around it, too. */
function isThreaded(error: unknown): boolean {
  return ['ENOTSUP', 'EOPNOTSUPP'].includes(errorCode(error) ?? '');
}

/** Makes one and removes it again: that alone tells. */
function whyNotIn(own: string): string | undefined {
  const trial = join(own, groupName(newMarker()));
  try {
    mkdirSync(trial);
  } catch (error) {
    return `no control group can be made in ${own} (${errorCode(error) ?? errorMessage(error)})`;
  }
  try {
    // To move a process one has to be allowed to write in both, and in what is above both.
    for (const group of [trial, own]) accessSync(doorOf(group), constants.W_OK);
    if (readFileSync(join(trial, 'cgroup.type'), 'latin1').trim() !== 'domain')
      return `the control group ${own} is threaded`;
    if (!existsSync(join(trial, 'cgroup.kill'))) return 'this kernel has no cgroup.kill (Linux 5.14 has)';
    return undefined;
  } catch (error) {
    return `nothing can be moved out of the control group ${own} (${errorCode(error) ?? errorMessage(error)})`;
  } finally {
    // Somebody who removes empty groups may have been faster.
    removeGroup(trial);
  }
}
