import { toDisposable } from '../../../src/base/lifecycle';
import type { Clock } from '../../../src/base/clock';
import type { ProbeContext } from '../../../src/probes/probe';
import { PatternWorker } from '../../../src/probes/patternWorker';

/** A clock that stands still until it is moved. */
export class StillClock implements Clock {
  constructor(public time = 0) {}
  nowMs(): number {
    return this.time;
  }
  wallMs(): number {
    return this.time;
  }
  setTimer(): { dispose(): void } {
    return toDisposable(() => {});
  }
}

export function probeContext(part: Partial<ProbeContext> = {}): ProbeContext {
  const clock = new StillClock();
  return {
    clock,
    verifyOwner: () => Promise.resolve({ kind: 'ours' }),
    run: () => Promise.resolve({ kind: 'exited', code: 0 }),
    patterns: new PatternWorker(clock),
    ...part,
  };
}
