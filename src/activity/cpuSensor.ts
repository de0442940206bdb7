import type { BackendKey } from '../model/backendDefinition';
import type { HoldView } from '../model/snapshot';

/** A process tree that uses this much of one core is working, though nobody is connected. */
export const busyPercent = 10;
/** Work without any connection keeps a backend awake no longer than this: it may be a runaway loop. */
export const longestCpuHoldMs = 30 * 60_000;
/** The same words at every look: a number that changes each time would be told to all windows each time. */
const cpuHold: HoldView = { kind: 'cpu', reason: `busy: ${busyPercent} % of a core or more` };
/** Below this distance two readings differ by the grain of the counter, not by work. */
const shortestWindowMs = 250;

/** CPU time of these processes so far in ms, ended children included; undefined where it cannot be read. */
export type CpuTimeReader = (pids: readonly number[]) => Promise<number | undefined>;

interface Reading {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly busySinceMs?: number;
}

export interface CpuActivity {
  /** Percent of one core since the reading before. */
  readonly percent: number;
  /** Set while the tree works, unless it has done so for too long. */
  readonly hold?: HoldView;
}

/** Work seen as processor time of a backend's process tree between two looks. */
export class CpuSensor {
  private readonly readings = new Map<BackendKey, Reading>();

  /** Without a reader (a system where CPU time cannot be read) nothing is ever sampled. */
  constructor(private readonly cpuTimeMs: CpuTimeReader | undefined) {}

  /** False: there is no need to find out which processes to look at. */
  get canRead(): boolean {
    return this.cpuTimeMs !== undefined;
  }

  /** Undefined at the first look, too soon after the last one, or where it cannot be read. */
  async sample(key: BackendKey, pids: readonly number[], nowMs: number): Promise<CpuActivity | undefined> {
    const before = this.readings.get(key);
    if (before && nowMs - before.atMs < shortestWindowMs) return undefined;
    const cpuMs = await this.cpuTimeMs?.(pids);
    if (cpuMs === undefined) {
      this.readings.delete(key);
      return undefined;
    }
    if (!before) {
      this.readings.set(key, { atMs: nowMs, cpuMs });
      return undefined;
    }
    // A tree that lost a member can have less than before; that is not work.
    const percent = Math.max(0, ((cpuMs - before.cpuMs) / (nowMs - before.atMs)) * 100);
    if (percent < busyPercent) {
      this.readings.set(key, { atMs: nowMs, cpuMs });
      return { percent };
    }
    const busySinceMs = before.busySinceMs ?? before.atMs;
    this.readings.set(key, { atMs: nowMs, cpuMs, busySinceMs });
    return nowMs - busySinceMs > longestCpuHoldMs ? { percent } : { percent, hold: cpuHold };
  }

  /** A stopped backend starts from nothing next time. */
  forget(key: BackendKey): void {
    this.readings.delete(key);
  }
}
