import { readFileSync } from 'node:fs';

/** What the kernel says of a process; undefined when it is gone. Linux only, like the rings that use it. */
export function processFacts(
  pid: number,
): { readonly name: string; readonly parent: number; readonly zombie: boolean } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return {
      name: /^Name:\s+(.*)$/m.exec(status)?.[1] ?? '',
      parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]),
      zombie: /^State:\s+[ZX]/m.test(status),
    };
  } catch {
    return undefined;
  }
}
