import type { Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/lifecycle';

/** A sleep that news can cut short. One sleeper at a time; a ring while nobody sleeps is heard by the next sleep. */
export class Wakeup implements Disposable {
  private wake: (() => void) | undefined;
  private rung = false;
  private timer: Disposable = toDisposable(() => {});

  constructor(private readonly clock: Clock) {}

  sleep(durationMs: number): Promise<void> {
    if (this.rung) {
      this.rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.wake = resolve;
      this.timer = this.clock.setTimer(durationMs, () => this.end());
    });
  }

  ring(): void {
    if (this.wake) this.end();
    else this.rung = true;
  }

  dispose(): void {
    this.end();
  }

  private end(): void {
    this.timer.dispose();
    const wake = this.wake;
    this.wake = undefined;
    wake?.();
  }
}
