/** What one client is told without having asked; bounded, however slow it reads. */
import type { LogLevel } from '../base/logger';
import type { BackendKey } from '../model/backendDefinition';

/** Resolves when the message has left this process. */
type Send<T> = (message: T) => Promise<void>;

/** At most one message of changes is under way; what changes meanwhile is told together, as it is then. */
export class ChangeOutbox {
  private readonly waiting = new Set<BackendKey>();
  private underWay = 0;

  constructor(private readonly send: Send<readonly BackendKey[]>) {}

  tell(keys: readonly BackendKey[]): void {
    for (const key of keys) this.waiting.add(key);
    if (this.underWay === 0) this.sendNow();
  }

  /** Before an answer goes out: whoever gets it must find it true. */
  sendNow(): void {
    if (this.waiting.size === 0) return;
    const keys = [...this.waiting];
    this.waiting.clear();
    this.underWay++;
    const sent = (): void => {
      this.underWay--;
      if (this.underWay === 0) this.sendNow();
    };
    this.send(keys).then(sent, sent);
  }
}

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
}

const mostLinesUnderWay = 200;

/** Lines of the diary for a window; what a slow one misses is counted, and stands in the diary. */
export class LogOutbox {
  private underWay = 0;
  private missed = 0;

  constructor(private readonly send: Send<LogLine>) {}

  tell(line: LogLine): void {
    if (this.underWay >= mostLinesUnderWay) this.missed++;
    else this.sendLine(line);
  }

  private sendLine(line: LogLine): void {
    this.underWay++;
    const sent = (): void => {
      this.underWay--;
      if (this.underWay === 0) this.tellMissed();
    };
    this.send(line).then(sent, sent);
  }

  private tellMissed(): void {
    const count = this.missed;
    this.missed = 0;
    if (count > 0) this.sendLine({ level: 'warn', message: `${count} lines were not told here; broker.log has them` });
  }
}
