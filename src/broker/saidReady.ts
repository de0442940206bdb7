/** What a starting backend writes to the descriptor on which it is to say that it is ready. */
import type { Disposable } from '../base/lifecycle';
import type { BackendDefinition } from '../model/backendDefinition';
import type { ReadyFile } from '../platform/process/types';
import type { SaidReady } from '../probes/probe';
import type { LogPort } from './ports';

/** Beside its log; undefined for one that has no such descriptor. */
export function readyFileOf({ ready }: BackendDefinition, logFile: string): ReadyFile | undefined {
  const fd = ready.probes.find((probe) => probe.kind === 'fd')?.fd;
  return fd === undefined ? undefined : { fd, path: `${logFile}.ready` };
}

export class ReadySayings implements Disposable, SaidReady {
  bytes = 0;
  lineEnd = false;
  private readonly following: Disposable;

  /** `onLineEnd` is told once. A run that was taken over may have said so before. */
  constructor(logs: LogPort, { path }: ReadyFile, onLineEnd: () => void) {
    this.following = logs.follow(path, 0, (chunk) => {
      this.bytes += chunk.length;
      if (this.lineEnd || !chunk.includes(10)) return;
      this.lineEnd = true;
      onLineEnd();
    });
  }

  dispose(): void {
    this.following.dispose();
  }
}
