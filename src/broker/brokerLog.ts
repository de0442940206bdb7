import { appendFileSync, renameSync, statSync } from 'node:fs';
import * as path from 'node:path';
import type { Clock } from '../base/clock';
import type { Logger, LogLevel } from '../base/logger';

const maxBytes = 1024 * 1024;

/** The broker's own diary: bounded to two files of 1 MiB, and passed on to the windows. */
export class BrokerLog implements Logger {
  private readonly file: string;
  private listener: ((level: LogLevel, message: string) => void) | undefined;

  constructor(
    directory: string,
    private readonly clock: Clock,
  ) {
    this.file = path.join(directory, 'broker.log');
  }

  /** Also tells `listener` from now on. */
  passOnTo(listener: (level: LogLevel, message: string) => void): void {
    this.listener = listener;
  }

  log(level: LogLevel, message: string): void {
    this.write(`${new Date(this.clock.wallMs()).toISOString()} [${level}] ${message}\n`);
    this.listener?.(level, message);
  }

  private write(line: string): void {
    try {
      this.rotate();
      appendFileSync(this.file, line, { mode: 0o600 });
    } catch {
      // A full disk must not stop backends from being managed; the windows are told all the same.
    }
  }

  private rotate(): void {
    const size = statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > maxBytes) renameSync(this.file, `${this.file}.1`);
  }
}
