/** How one look at a starting backend is told. */
import { formatDuration } from './countdown';
import { plainText } from './plainText';
import type { ProbeRecord } from './snapshot';

/** The number is that of the schedule; looks that evidence made beside it have none. */
export function probeName({ attempt }: ProbeRecord): string {
  return attempt === undefined ? 'extra probe' : `probe ${attempt + 1}`;
}

/** `probe 4 (schedule 200 ms) after 350 ms: tcp :3000 refused`. */
export function probeText(probe: ProbeRecord): string {
  const { elapsedMs, reason, saw, times = 1 } = probe;
  const repeated = times > 1 ? ` (${times} times)` : '';
  return `${probeName(probe)} (${plainText(reason)}) after ${shortDuration(elapsedMs)}: ${plainText(saw)}${repeated}`;
}

/** Tenths of a second hide what happens before the first second is over. */
function shortDuration(durationMs: number): string {
  return durationMs < 1_000 ? `${Math.round(durationMs)} ms` : formatDuration(durationMs);
}
