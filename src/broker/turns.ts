/** Whose turn it is when more backends start than may start at the same time. */
import * as os from 'node:os';
import type { BackendState } from '../model/backendState';
import type { CancellationSignal } from '../base/cancellation';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import { busyPercent, type CpuSensor } from '../activity/cpuSensor';
import { remainingPaths } from '../model/criticalPath';
import type { BackendRecord } from './backendRecord';
import type { BrokerPorts, HistoryPort } from './ports';
import { Slots } from './slots';

/** A start that takes long mostly waits itself: after this, or after its usual time, others may begin beside it. */
const slotLentMs = 10_000;
const lookMs = 500;
/** So many looks in a row at which its processes did next to nothing, and it is certain much sooner. */
const quietLooks = 2;

const onTheWay: readonly BackendState[] = ['waiting', 'starting'];

/** Heavy starts at the same time: by cores unless the person said a number. */
function startSlots(setting: number): number {
  return setting > 0 ? setting : Math.max(2, os.availableParallelism());
}

/** How long others wait for it: of all that start now in its folder, the longest chain behind it. */
function remainingPathMs(
  record: BackendRecord,
  siblings: readonly BackendRecord[],
  history: Pick<HistoryPort, 'expectation'>,
): number {
  const starting = siblings
    .filter((other) => other === record || onTheWay.includes(other.state))
    .map((other) => {
      const { typicalMs } = history.expectation(other.startId) ?? {};
      return { ...other.definition, ...(typicalMs !== undefined && { typicalMs }) };
    });
  return remainingPaths(starting).get(record.definition.name) ?? 0;
}

export interface TurnsPorts extends Pick<BrokerPorts, 'clock' | 'history' | 'processes'> {
  readonly cpu: CpuSensor;
  /** All backends of a folder. */
  readonly recordsOf: (folderPath: string) => readonly BackendRecord[];
}

/** Only so many backends start, that is work, at the same time. */
export class Turns {
  private readonly slots = new Slots<BackendRecord>(startSlots(0));

  constructor(private readonly ports: TurnsPorts) {}

  setLimit(setting: number): void {
    this.slots.setLimit(startSlots(setting));
  }

  /**
   * Resolves when it is this backend's turn, undefined when it was cancelled first; those that others wait for longest
   * come first. `waitsBehind` is told whose starts it waits behind, and again whenever that changes.
   */
  async take(
    record: BackendRecord,
    cancel: CancellationSignal,
    waitsBehind: (names: readonly string[]) => void,
  ): Promise<Disposable | undefined> {
    const { recordsOf, history } = this.ports;
    const slot = await this.slots.acquire({
      holder: record,
      cancel,
      priority: () => remainingPathMs(record, recordsOf(record.folder.path), history),
      waitsBehind: (holders) => waitsBehind(holders.map((holder) => nameBeside(holder, record))),
    });
    return slot === undefined ? undefined : this.lent(record, slot);
  }

  /** Gives the slot back before the start is over once the start only waits itself: for a slow probe, say. */
  private lent(record: BackendRecord, slot: Disposable): Disposable {
    const { clock, history } = this.ports;
    const owned = new DisposableStore();
    owned.add(slot);
    const usualMs = history.expectation(record.startId)?.typicalMs ?? 0;
    owned.add(clock.setTimer(Math.max(slotLentMs, usualMs), () => owned.dispose()));
    const cpuKey = `start of ${record.key}`;
    // A look that ends after its start leaves its reading behind: not one of this start.
    this.ports.cpu.forget(cpuKey);
    owned.add(toDisposable(() => this.ports.cpu.forget(cpuKey)));
    let quiet = 0;
    const look = async (): Promise<void> => {
      quiet = (await this.isQuiet(record, cpuKey)) ? quiet + 1 : 0;
      if (quiet >= quietLooks) owned.dispose();
      else if (!owned.isDisposed) lookLater();
    };
    let next: Disposable | undefined;
    const lookLater = (): void => {
      next = clock.setTimer(lookMs, () => void look());
    };
    owned.add(toDisposable(() => next?.dispose()));
    if (this.ports.cpu.canRead) lookLater();
    return owned;
  }

  /** Whether its processes did next to nothing since the look before; not asked while nobody waits for the slot. */
  private async isQuiet(record: BackendRecord, cpuKey: string): Promise<boolean> {
    const { cpu, processes, clock } = this.ports;
    if (record.live === undefined || !this.slots.isWanted) return false;
    const family = await processes.family(record.live.run).catch(() => []);
    const pids = family.map(({ pid }) => pid);
    const activity = pids.length === 0 ? undefined : await cpu.sample(cpuKey, pids, clock.nowMs());
    return activity !== undefined && activity.percent < busyPercent;
  }
}

/** The name alone within the same folder. */
function nameBeside({ folder, definition }: BackendRecord, reader: BackendRecord): string {
  return folder.path === reader.folder.path ? definition.name : `${folder.name}/${definition.name}`;
}
