export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** Where events are told to. Never pass the value of an environment variable. */
export interface Logger {
  log(level: LogLevel, message: string): void;
}
