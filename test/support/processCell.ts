/** A place for one command and everything that comes of it, judged and swept without the product. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { makeControlGroup, type ControlGroup } from './controlGroup';
import { pidsNaming } from './oracle';
import { processFacts } from './processFacts';
import { waitUntil } from './waitUntil';

export class ProcessCell {
  private readonly name = `local-backends-cell-${process.pid}-${randomUUID().slice(0, 8)}`;
  private readonly group: ControlGroup | undefined = makeControlGroup(this.name);

  /** `marker` does not see who drops its environment. */
  get kind(): 'cgroup' | 'marker' {
    return this.group === undefined ? 'marker' : 'cgroup';
  }

  /** The same command, which first enters this cell; the process stays the same. */
  inside(argv: readonly string[]): string[] {
    const { group } = this;
    if (group === undefined) return ['/usr/bin/env', `LOCAL_BACKENDS_TEST_CELL=${this.name}`, ...argv];
    return ['/bin/sh', '-c', 'echo $$ >"$0" && exec "$@"', group.door, ...argv];
  }

  /** Pids of the living. */
  living(): number[] {
    const pids = this.group?.members() ?? pidsNaming(`LOCAL_BACKENDS_TEST_CELL=${this.name}`);
    return pids.filter((pid) => processFacts(pid)?.zombie === false);
  }

  describe(): string[] {
    return this.living().map((pid) => `${pid} ${commandOf(pid)}`);
  }

  /** Ends whoever is left, and closes the cell. */
  async sweep(): Promise<void> {
    await waitUntil(`the cell to be empty of ${this.describe().join(', ')}`, () => {
      const left = this.living();
      for (const pid of left) kill(pid);
      return left.length === 0;
    });
    // Zombies of this process are members until they are reaped.
    await waitUntil('the dead to leave', () => (this.group?.members() ?? []).length === 0, 2_000).catch(() => {});
    this.group?.close();
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself.
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 120);
  } catch {
    return '';
  }
}
