/** Runs of earlier brokers until somebody declares their backends; whom nobody declares in time is stopped. */
import type { Disposable } from '../base/lifecycle';
import { errorMessage } from '../base/errors';
import type { BackendKey } from '../model/backendDefinition';
import { guardedStop, stopOf } from './guardedStop';
import type { BrokerPorts, Orphan } from './ports';

export class Orphans implements Disposable {
  private waiting: readonly Orphan[] = [];
  private readonly ending = new Set<Promise<void>>();
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

  async takeOver(): Promise<void> {
    const { adoptable, abandoned } = await this.ports.guard.takeOver();
    this.takenAtMs = this.ports.clock.nowMs();
    this.waiting = adoptable;
    if (adoptable.length + abandoned.length > 0) {
      this.ports.logger.log(
        'info',
        `an earlier broker ended unexpectedly: ${adoptable.length} of its backends are taken over, ${abandoned.length} are stopped`,
      );
    }
    for (const orphan of abandoned) this.end(orphan);
    for (const orphan of adoptable) this.goOnEnding(orphan);
    this.arm();
  }

  /** The run of a backend that is declared now; of two, the one that got further. */
  claim(key: BackendKey): Orphan | undefined {
    const mine = this.waiting.filter(({ entry }) => entry.key === key);
    const claimed = mine.find(({ entry }) => entry.ready !== undefined) ?? mine[0];
    this.waiting = this.waiting.filter((orphan) => orphan !== claimed);
    return claimed;
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
    await Promise.all(this.ending);
  }

  dispose(): void {
    this.timer?.dispose();
  }

  private arm(): void {
    this.timer?.dispose();
    if (this.waiting.length === 0) return;
    const leftMs = this.takenAtMs + this.graceMs - this.ports.clock.nowMs();
    this.timer = this.ports.clock.setTimer(Math.max(0, leftMs), () => void this.endAll());
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
    this.ending.add(ending);
  }
}
