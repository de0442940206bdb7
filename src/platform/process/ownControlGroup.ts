import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Folder of the control group (version 2) that this process is in; undefined where there is none to be seen. */
export function ownControlGroup(proc = '/proc/self'): string | undefined {
  try {
    return groupFolder(readFileSync(`${proc}/mountinfo`, 'latin1'), readFileSync(`${proc}/cgroup`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** From the texts of `mountinfo` and `cgroup`. The mount may be anywhere, and may show a part of the tree only. */
export function groupFolder(mountinfo: string, cgroup: string): string | undefined {
  const [, own] = /^0::(\/.*)$/m.exec(cgroup) ?? [];
  if (own === undefined || own.startsWith('/..')) return undefined;
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    if (!after.startsWith('cgroup2 ')) continue;
    const [, , , root = '', point = ''] = before.split(' ').map(unescapeOctal);
    // Of a mount made outside of our namespace it cannot be told where in it we are.
    if (root.startsWith('/..')) continue;
    const inside = relative(root, own);
    if (point !== '' && !inside.startsWith('..')) return join(point, inside);
  }
  return undefined;
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
