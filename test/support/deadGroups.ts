/** Control groups that programs of ours made for themselves and left behind when they were killed. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { groupMembers, removeGroup } from '../../src/platform/process/controlGroup';
import { groupRoots } from './controlGroup';
import { processFacts } from './processFacts';

/** Removes those whose maker is dead and that nobody is in. */
export function removeDeadGroups(): void {
  for (const root of groupRoots) {
    for (const name of namesIn(root)) {
      const [, maker] = /^local-backends-(?:cell|strict|test)-(\d+)(?:-|$)/.exec(name) ?? [];
      if (maker !== undefined && processFacts(Number(maker)) === undefined) removeEmpty(join(root, name));
    }
  }
}

function removeEmpty(group: string): void {
  try {
    if (groupMembers(group).length === 0) removeGroup(group);
  } catch {
    // It is not ours to look into: then it is not ours to remove.
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
