/** Sees to it that no run outlives the broker unnoticed. */
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { startLeash } from '../platform/process/leash';
import type { ProcessIdentity } from '../platform/process/types';
import { LeashKeeper } from './leashKeeper';
import type { GuardedRun, GuardPort } from './ports';

/** A new broker is up within a second or two: no shorter wait would let it take anything over. */
const shortestHoldMs = 3_000;
/** Until a window has said how long it may be gone. */
const defaultHoldMs = 30_000;

export class RunGuard implements GuardPort, Disposable {
  private readonly leash: LeashKeeper;

  constructor(
    clock: Clock,
    logger: Logger,
    /** Backends of a broker inside a window end with it: nothing is handed over. */
    private readonly inProcess: boolean,
  ) {
    this.leash = new LeashKeeper(() => startLeash({ records: undefined, machine: '' }, clock), clock, logger);
    this.setHold(defaultHoldMs);
  }

  intend(run: GuardedRun): Promise<void> {
    return this.leash.hold({ marker: run.marker, leader: undefined, ...run.stop });
  }

  started(run: GuardedRun, leader: ProcessIdentity): Promise<void> {
    return this.leash.hold({ marker: run.marker, leader, ...run.stop });
  }

  over(marker: string): void {
    this.leash.letGo(marker);
  }

  setHold(holdMs: number): void {
    this.leash.setHold(this.inProcess ? 0 : Math.max(holdMs, shortestHoldMs));
  }

  dispose(): void {
    this.leash.dispose();
  }
}
