import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../base/clock';
import type { ProcTable } from './procTable';
import type { ProcessStat } from './types';

type Markers = ReadonlyMap<number, string>;

interface Asker {
  readonly answer: (stats: readonly ProcessStat[]) => void;
  readonly fail: (error: unknown) => void;
}

/** No answer is given longer than this after its look; whoever had no turn by then is answered by another one. */
const longestKeptMs = 100;

/**
 * The same process table for many who ask at the same time: whoever asks while a look is under way shares the next one
 * with all others who do. So every answer comes of a look that began after it was asked for, never of an older one.
 */
export function sharingLooks(table: ProcTable, clock: Clock): ProcTable {
  const looks = new SharedLooks(table, clock);
  return {
    machine: () => table.machine(),
    statOf: (pid) => table.statOf(pid),
    commandOf: (pid) => table.commandOf(pid),
    wholeCommandOf: (pid) => table.wholeCommandOf(pid),
    ...(table.takes && { takes: (pid, signal) => table.takes?.(pid, signal) }),
    stats: () => looks.next(),
    markers: (stats) => looks.markersOf(stats),
  };
}

class SharedLooks {
  private readonly asking: Asker[] = [];
  private serving = false;
  private readonly markers = new WeakMap<readonly ProcessStat[], Markers>();

  constructor(
    private readonly table: ProcTable,
    private readonly clock: Clock,
  ) {}

  next(): Promise<readonly ProcessStat[]> {
    return new Promise((answer, fail) => {
      this.asking.push({ answer, fail });
      if (!this.serving) void this.serve();
    });
  }

  /** Those of a look that was handed out were read with it, after its processes. */
  markersOf(stats: readonly ProcessStat[]): Promise<Markers> {
    const read = this.markers.get(stats);
    return read === undefined ? this.table.markers(stats) : Promise.resolve(read);
  }

  private async serve(): Promise<void> {
    this.serving = true;
    while (this.asking.length > 0) {
      // Whoever asks from here on is answered by a later look.
      const asked = this.asking.splice(0);
      try {
        await this.handOut(await this.look(), asked);
      } catch (error) {
        for (const { fail } of asked) fail(error);
      }
    }
    this.serving = false;
  }

  private async look(): Promise<readonly ProcessStat[]> {
    const stats = await this.table.stats();
    this.markers.set(stats, await this.table.markers(stats));
    return stats;
  }

  /** What one does with a look (signals, records of them) takes milliseconds: each has a turn of the loop for it. */
  private async handOut(stats: readonly ProcessStat[], asked: readonly Asker[]): Promise<void> {
    const endedMs = this.clock.nowMs();
    for (const [index, { answer }] of asked.entries()) {
      if (index > 0) await nextTurn();
      // The first is always answered: so each look brings those who ask a step further.
      if (index > 0 && this.clock.nowMs() - endedMs > longestKeptMs) {
        this.asking.unshift(...asked.slice(index));
        return;
      }
      answer(stats);
    }
  }
}
