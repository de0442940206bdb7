/** Turns the output of a starting backend into extra looks, as `OutputEvidence` finds them worth it. */
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import { OutputEvidence, outputReasons } from '../model/outputEvidence';

export interface OutputWatchSubject {
  readonly clock: Clock;
  /** Begin of the last look on the monotonic clock. */
  readonly lastLookMs: () => number;
  readonly look: (reason: string) => void;
}

/** Enough of a chunk to tell what it is about. */
const readBytes = 4_096;

export class OutputWatch implements Disposable {
  private readonly evidence = new OutputEvidence();
  private timer: Disposable | undefined;
  private disposed = false;

  constructor(private readonly subject: OutputWatchSubject) {}

  printed(chunk: Buffer): void {
    if (this.disposed) return;
    const { clock, lastLookMs, look } = this.subject;
    const text = chunk.toString('latin1', Math.max(0, chunk.length - readBytes));
    const reason = this.evidence.printed({ text, nowMs: clock.nowMs(), lastLookMs: lastLookMs() });
    if (reason !== undefined) look(reason);
    this.burst(0);
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
  }

  /** New output begins the burst anew. */
  private burst(step: number): void {
    this.timer?.dispose();
    this.timer = undefined;
    const pauseMs = this.evidence.burstPauseMs(step);
    if (pauseMs === undefined) return;
    this.timer = this.subject.clock.setTimer(pauseMs, () => {
      if (this.evidence.mayBurst(this.subject.clock.nowMs())) this.subject.look(outputReasons.burst);
      this.burst(step + 1);
    });
  }
}
