/** What the guard keeps of a backend that is asleep, so that it is woken under another broker too. */
import type { BackendRecord } from './backendRecord';
import type { GuardPort } from './ports';

export function fallAsleep(record: BackendRecord, guard: GuardPort, marker: string): void {
  guard.asleep(marker);
  record.asleepAs = marker;
}

/** It is kept until there is another run, so that there is no moment in which nobody knows of either. */
export function followSleep(record: BackendRecord, guard: GuardPort): void {
  const isOver = record.running || record.state === 'stopped' || record.state === 'failed';
  if (isOver) endSleep(record, guard);
}

export function endSleep(record: BackendRecord, guard: GuardPort): void {
  if (record.asleepAs !== undefined) guard.over(record.asleepAs);
  record.asleepAs = undefined;
}
