/** The client's side of a connection that is no HTTP: its bytes are passed on as they are, or wait. */
import type { ConnectionHost } from './connectionHost';
import { RawUse } from './rawUse';

export interface RawSink {
  /** The process is being reached, or was. */
  isWanted(): boolean;
  send(bytes: Buffer): void;
  /** Until the gate opens. */
  hold(bytes: Buffer): void;
  reset(): void;
}

export class RawSide {
  readonly use: RawUse;

  constructor(
    private readonly host: Pick<ConnectionHost, 'judgeRaw' | 'begin' | 'end' | 'clock'>,
    private readonly sink: RawSink,
  ) {
    this.use = new RawUse(host);
  }

  take(bytes: Buffer): void {
    const verdict = this.sink.isWanted() ? 'pass' : this.host.judgeRaw();
    if (verdict === 'reset') this.sink.reset();
    else if (verdict === 'hold') this.sink.hold(bytes);
    else {
      this.use.asked(bytes);
      this.sink.send(bytes);
    }
  }

  /** What it sent has reached nobody. */
  takeBack(bytes: Buffer): void {
    this.use.dispose();
    this.take(bytes);
  }
}
