import { ManualClock } from '../vscode/manualClock';

/** Lets everything run that waits for nothing but the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Moves the clock in steps, and lets promises run between them. */
export async function pass(clock: ManualClock, ms: number, stepMs = 10): Promise<void> {
  await settle();
  for (let left = ms; left > 0; left -= stepMs) {
    clock.advance(Math.min(stepMs, left));
    await settle();
  }
}

/** A clock whose timers can come late, as after a frozen process. */
export class LeapingClock extends ManualClock {
  private leaptMs = 0;

  override nowMs(): number {
    return super.nowMs() + this.leaptMs;
  }

  override wallMs(): number {
    return super.wallMs() + this.leaptMs;
  }

  /** Time goes by and no timer runs; those that are set run with the next steps, too late. */
  leap(ms: number): void {
    this.leaptMs += ms;
  }
}
