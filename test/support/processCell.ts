/** A place for one command and everything that comes of it, judged and swept without the product. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { makeControlGroup, type ControlGroup } from './controlGroup';
import { pidsNaming } from './oracle';
import { processFacts } from './processFacts';
import { waitUntil } from './waitUntil';

export interface Cell {
  /** `marker` does not see who drops its environment. */
  readonly kind: 'cgroup' | 'marker';
  /** The same command, which first enters this cell; the process stays the same. */
  inside(argv: readonly string[]): string[];
  /** Pids of the living. */
  living(): number[];
  describe(): string[];
  /** Ends whoever is left, and closes the cell. */
  sweep(): Promise<void>;
}

export class ProcessCell implements Cell {
  private readonly name = `local-backends-cell-${process.pid}-${randomUUID().slice(0, 8)}`;
  private readonly group: ControlGroup | undefined = makeControlGroup(this.name);

  get kind(): 'cgroup' | 'marker' {
    return this.group === undefined ? 'marker' : 'cgroup';
  }

  inside(argv: readonly string[]): string[] {
    const { group } = this;
    if (group === undefined) return ['/usr/bin/env', `LOCAL_BACKENDS_TEST_CELL=${this.name}`, ...argv];
    return ['/bin/sh', '-c', 'echo $$ >"$0" && exec "$@"', group.door, ...argv];
  }

  living(): number[] {
    const pids = this.group?.members() ?? pidsNaming(`LOCAL_BACKENDS_TEST_CELL=${this.name}`);
    return pids.filter((pid) => processFacts(pid)?.zombie === false);
  }

  describe(): string[] {
    return describe(this.living());
  }

  async sweep(): Promise<void> {
    await empty(this);
    // Zombies of this process are members until they are reaped.
    await waitUntil('the dead to leave', () => (this.group?.members() ?? []).length === 0, 2_000).catch(() => {});
    this.group?.close();
  }
}

/** What is born in a group from now on, groups inside it included; what carries output to its file does not count. */
export class GroupCell implements Cell {
  readonly kind = 'cgroup';
  private readonly before: ReadonlySet<number>;

  constructor(private readonly group: ControlGroup) {
    this.before = new Set(group.members());
  }

  inside(argv: readonly string[]): string[] {
    return [...argv];
  }

  living(): number[] {
    return this.group
      .members()
      .filter((pid) => !this.before.has(pid) && processFacts(pid)?.zombie === false)
      .filter((pid) => !commandOf(pid).includes(' local-backends-log '));
  }

  describe(): string[] {
    return describe(this.living());
  }

  sweep(): Promise<void> {
    return empty(this);
  }
}

async function empty(cell: Cell): Promise<void> {
  await waitUntil(`the cell to be empty of ${cell.describe().join(', ')}`, () => {
    const left = cell.living();
    for (const pid of left) kill(pid);
    return left.length === 0;
  });
}

function describe(pids: readonly number[]): string[] {
  return pids.map((pid) => `${pid} ${commandOf(pid).slice(0, 120)}`);
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
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
