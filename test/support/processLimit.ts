/** Lets one process start no others for a while, as when the table of processes is full. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessLimit {
  end(): void;
}

/** The limit of a user does not bind root, and that of a group needs the right to make one: undefined where neither works. */
export function forbidProcesses(pid: number): ProcessLimit | undefined {
  return process.getuid?.() === 0 ? limitGroup(pid) : limitUser(pid);
}

function limitUser(pid: number): ProcessLimit | undefined {
  const limit = (soft: string): boolean =>
    spawnSync('prlimit', ['--pid', String(pid), `--nproc=${soft}:`]).status === 0;
  const before = /^Max processes\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1] ?? 'unlimited';
  return limit('1') ? { end: () => void limit(before) } : undefined;
}

/** Only where the controller has a hierarchy of its own: elsewhere the judge of the scenario would lose sight of the process. */
function limitGroup(pid: number): ProcessLimit | undefined {
  const root = '/sys/fs/cgroup/pids';
  const group = join(root, `local-backends-limit-${pid}`);
  try {
    mkdirSync(group);
  } catch {
    return undefined;
  }
  if (!existsSync(join(group, 'pids.max'))) {
    rmdirSync(group);
    return undefined;
  }
  const put = (folder: string): void => writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  put(group);
  writeFileSync(join(group, 'pids.max'), '0');
  return {
    end: () => {
      put(root);
      rmdirSync(group);
    },
  };
}
