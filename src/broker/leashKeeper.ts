/** Keeps a leash with all runs of this broker: started on first need, and again with all it has to know when it dies. */
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import type { Leash } from '../platform/process/leash';
import type { LeashedRun, LeashOrder } from '../platform/process/leashOrders';

/** A leash that ended so soon after it was ready would only end again. */
const restPauseMs = 1_000;
/** One that cannot be had is tried for again, ever more seldom. */
const longestPauseMs = 60_000;

export class LeashKeeper implements Disposable {
  private readonly runs = new Map<string, LeashedRun>();
  private current: Promise<Leash> | undefined;
  /** The one that is told of everything. */
  private newest: Leash | undefined;
  private armed: Leash | undefined;
  private failures = 0;
  private rearming: Disposable | undefined;
  private holdMs = 0;
  private complained: string | undefined;
  private disposed = false;

  constructor(
    private readonly start: () => Promise<Leash>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Resolves when the leash has the run; where there is none it says so in the log. */
  async hold(run: LeashedRun): Promise<void> {
    this.runs.set(run.marker, run);
    try {
      const leash = await this.leash();
      await leash.send({ kind: 'run', run });
    } catch (error) {
      this.complain(error);
    }
  }

  /**
   * The same in this very turn. Nobody has to wait: what is in the pipe is read before its end, so the order comes even when
   * we are killed at once.
   */
  holdAtOnce(run: LeashedRun): void {
    this.runs.set(run.marker, run);
    this.tell({ kind: 'run', run });
  }

  letGo(marker: string): void {
    if (this.runs.delete(marker)) this.tell({ kind: 'end', marker });
  }

  setHold(holdMs: number): void {
    if (this.holdMs === holdMs) return;
    this.holdMs = holdMs;
    this.tell({ kind: 'hold', holdMs });
  }

  /** The leash ends what is still held, and then itself. */
  dispose(): void {
    this.disposed = true;
    this.rearming?.dispose();
    this.armed?.release();
  }

  private leash(): Promise<Leash> {
    this.current ??= this.arm().then(
      (leash) => {
        this.failures = 0;
        return leash;
      },
      (error: unknown) => {
        this.current = undefined;
        this.armLater(Math.min(restPauseMs * 2 ** this.failures++, longestPauseMs));
        throw error;
      },
    );
    return this.current;
  }

  private async arm(): Promise<Leash> {
    const leash = await this.start();
    const readyAtMs = this.clock.nowMs();
    this.newest = leash;
    void leash.exited.then(() => this.ended(leash, readyAtMs));
    try {
      await leash.send({ kind: 'hold', holdMs: this.holdMs });
      for (const run of this.runs.values()) await leash.send({ kind: 'run', run });
    } catch (error) {
      // Beside its successor it would end what it knows of when we are gone, whoever has taken that over.
      this.newest = undefined;
      leash.discard();
      throw error;
    }
    this.armed = leash;
    if (this.disposed) leash.release();
    return leash;
  }

  private ended(leash: Leash, readyAtMs: number): void {
    if (this.newest !== leash) return;
    this.newest = undefined;
    this.current = undefined;
    this.armed = undefined;
    if (this.disposed) return;
    this.logger.log('warn', 'the guard of the backends has ended and is started again');
    if (this.clock.nowMs() - readyAtMs > restPauseMs) this.armAgain();
    else this.armLater(restPauseMs);
  }

  private armLater(pauseMs: number): void {
    this.rearming?.dispose();
    if (!this.disposed && this.runs.size > 0) this.rearming = this.clock.setTimer(pauseMs, () => this.armAgain());
  }

  private armAgain(): void {
    this.leash().catch((error: unknown) => this.complain(error));
  }

  /** To a leash that is there; one that comes is told everything anyway. */
  private tell(order: LeashOrder): void {
    this.armed?.send(order).catch((error: unknown) => this.complain(error));
  }

  private complain(error: unknown): void {
    const why = errorMessage(error);
    if (this.disposed || why === this.complained) return;
    this.complained = why;
    this.logger.log('warn', `if the broker is killed now, its backends run on: there is no guard for them (${why})`);
  }
}
