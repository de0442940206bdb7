/** Runs of earlier brokers until somebody declares their backends; whom nobody declares in time is stopped. */
import type { Disposable } from '../base/lifecycle';
import { errorMessage } from '../base/errors';
import type { BackendKey } from '../model/backendDefinition';
import { guardedStop, stopOf } from './guardedStop';
import type { LedgerEntry } from './ledgerEntry';
import type { BrokerPorts, Orphan } from './ports';

export class Orphans implements Disposable {
  private waiting: readonly Orphan[] = [];
  private sleeping: readonly LedgerEntry[] = [];
  private readonly ending = new Map<Promise<void>, BackendKey>();
  private takenAtMs = 0;
  private timer: Disposable | undefined;

  constructor(
    private readonly ports: BrokerPorts,
    private graceMs: number,
  ) {}

  /** How many runs are left that belong to no declared backend. */
  get count(): number {
    return this.waiting.length + this.ending.size;
  }

  /** Whether somebody sleeps who is not declared yet. */
  get hasSleepers(): boolean {
    return this.sleeping.length > 0;
  }

  async takeOver(): Promise<void> {
    const { adoptable, abandoned, asleep } = await this.ports.guard.takeOver();
    this.takenAtMs = this.ports.clock.nowMs();
    this.waiting = adoptable;
    this.sleeping = asleep;
    if (adoptable.length + abandoned.length + asleep.length > 0) {
      const counts = `${adoptable.length} of its backends are taken over, ${asleep.length} asleep, ${abandoned.length} are stopped`;
      this.ports.logger.log('info', `an earlier broker ended unexpectedly: ${counts}`);
    }
    for (const orphan of abandoned) this.end(orphan);
    for (const orphan of adoptable) this.goOnEnding(orphan);
    this.arm();
  }

  /** The run of a backend that is declared now; of two, the one that got further: nothing runs twice. */
  claim(key: BackendKey): Orphan | undefined {
    const mine = this.waiting.filter(({ entry }) => entry.key === key);
    const claimed = mine.find(({ entry }) => entry.ready !== undefined) ?? mine[0];
    this.waiting = this.waiting.filter(({ entry }) => entry.key !== key);
    for (const orphan of mine) if (orphan !== claimed) this.end(orphan);
    return claimed;
  }

  /** What is known of a backend that is declared now and was asleep; to be asked after `claim`. */
  claimAsleep(key: BackendKey, isRunning: boolean): LedgerEntry | undefined {
    const mine = this.sleeping.filter((entry) => entry.key === key);
    this.sleeping = this.sleeping.filter((entry) => entry.key !== key);
    const claimed = isRunning ? undefined : mine[0];
    this.forget(mine.filter((entry) => entry !== claimed));
    return claimed;
  }

  /** Resolves when nothing of the runs of a backend is left that are being ended here. */
  endedOf(key: BackendKey): Promise<unknown> {
    return Promise.all([...this.ending].filter(([, of]) => of === key).map(([ending]) => ending));
  }

  /** Counted from the moment of taking over. */
  setGrace(graceMs: number): void {
    this.graceMs = graceMs;
    this.arm();
  }

  /** Resolves when none is left. */
  async endAll(): Promise<void> {
    for (const orphan of this.waiting) this.end(orphan);
    this.waiting = [];
    this.forget(this.sleeping);
    this.sleeping = [];
    await Promise.all(this.ending.keys());
  }

  dispose(): void {
    this.timer?.dispose();
  }

  private arm(): void {
    this.timer?.dispose();
    if (this.waiting.length + this.sleeping.length === 0) return;
    const leftMs = this.takenAtMs + this.graceMs - this.ports.clock.nowMs();
    this.timer = this.ports.clock.setTimer(Math.max(0, leftMs), () => void this.endAll());
  }

  private forget(sleepers: readonly LedgerEntry[]): void {
    for (const { marker } of sleepers) this.ports.guard.over(marker);
  }

  /** Whoever claims it joins in. */
  private goOnEnding({ entry, run }: Orphan): void {
    if (entry.ending === undefined) return;
    guardedStop(this.ports, run, stopOf(entry), entry.ending.to).catch((error: unknown) =>
      this.ports.logger.log('error', `${entry.key}: ${errorMessage(error)}`),
    );
  }

  private end({ entry, run }: Orphan): void {
    const ending = guardedStop(this.ports, run, stopOf(entry), 'stopped')
      .then(({ leftovers }) => {
        if (leftovers.length === 0) this.ports.guard.over(entry.marker);
      })
      .catch((error: unknown) => this.ports.logger.log('error', `${entry.key}: ${errorMessage(error)}`))
      .finally(() => this.ending.delete(ending));
    this.ending.set(ending, entry.key);
  }
}
