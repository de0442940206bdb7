import type { Clock } from '../base/clock';
import { definitionDefaults } from '../model/backendDefinition';
import { durationInWords } from '../platform/net/duration';
import { lookingProbe } from './lookingProbe';
import type { Probe } from './probe';

/**
 * For a backend that names nothing to look at: still alive after a short settle. Whether it is alive is the
 * caller's to say; this only knows how long ago the run began (the moment this is called).
 */
export function createSettleProbe(clock: Clock, settleMs: number = definitionDefaults.settleMs): Probe {
  const startedMs = clock.nowMs();
  return lookingProbe(`alive after ${durationInWords(settleMs)}`, () => {
    const elapsedMs = clock.nowMs() - startedMs;
    const ok = elapsedMs >= settleMs;
    return Promise.resolve({ ok, saw: ok ? 'alive' : `alive for ${durationInWords(elapsedMs)}` });
  });
}

/** For `"ready": "none"`: as soon as there is a process. */
export function createNoProbe(): Probe {
  return lookingProbe('nothing to wait for', () => Promise.resolve({ ok: true, saw: 'started' }));
}
