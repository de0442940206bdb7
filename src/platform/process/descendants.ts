import { readdirSync, readFileSync } from 'node:fs';

/** Beyond this a look at the whole process table is no dearer. */
const mostProcesses = 64;

/**
 * A process and what descends from it, read from /proc in some 15 µs each; without those whose parent is gone. Empty where
 * the kernel does not list children, and for a tree that is too large for this. The way down ends at those who are `kept`.
 */
export function descendantsOf(
  pid: number,
  kept: (pid: number) => boolean = () => false,
  root = '/proc',
): readonly number[] {
  const found = [pid];
  for (let at = 0; at < found.length; at++) {
    const children = childrenOf(found[at] ?? 0, root);
    if (children === undefined || found.length + children.length > mostProcesses) return [];
    for (const child of children) if (!found.includes(child) && !kept(child)) found.push(child);
  }
  return found;
}

/** Each thread has a list of its own. A process that is gone has none. */
function childrenOf(pid: number, root: string): readonly number[] | undefined {
  let threads: readonly string[];
  try {
    threads = readdirSync(`${root}/${pid}/task`);
  } catch {
    return [];
  }
  const children: number[] = [];
  for (const thread of threads) {
    try {
      const text = readFileSync(`${root}/${pid}/task/${thread}/children`, 'latin1');
      for (const child of text.split(' ')) if (child !== '') children.push(Number(child));
    } catch {
      // This thread has ended; where the kernel has no such lists at all, none can be read.
      if (thread === String(pid)) return undefined;
    }
  }
  return children;
}
