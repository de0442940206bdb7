/**
 * Which extra looks at a starting backend its output is worth. A server prints shortly before or after the moment it
 * answers, so a chunk of output is worth a look at once and a short burst after it; buckets bound what a chatty one
 * can cause. Pure: the driver brings chunks and times, and sets the timers.
 */
import { TokenBucket } from './tokenBucket';

/** Why a look is made, as far as it is the output that tells. */
export const outputReasons = {
  telling: 'said that it starts or listens',
  ordinary: 'printed a line',
  burst: 'a moment after it printed',
  found: 'found in the output',
  descriptor: 'wrote to its ready descriptor',
} as const;

/** Whether a look for this reason that succeeds shows that the backend says so itself when it is ready. */
export function isOutputReason(reason: string): boolean {
  return Object.values<string>(outputReasons).includes(reason);
}

/** Words that servers use when they are up, or about to be. */
const telling = /listen|ready|start|running|serving|accept|https?:\/\/|\bport\b/i;

/** Looks after the last chunk of output, each counted from the one before, in milliseconds. */
const burstPausesMs = [8, 20, 40, 80, 160] as const;
/** A look this young has seen what a chunk of ordinary output could be about. */
const youngLookMs = 8;

export interface PrintedChunk {
  readonly text: string;
  readonly nowMs: number;
  /** Start of the last look of whatever reason. */
  readonly lastLookMs: number;
}

export class OutputEvidence {
  private readonly tellingLooks = new TokenBucket(8, 8);
  private readonly ordinaryLooks = new TokenBucket(8, 4);
  private readonly burstLooks = new TokenBucket(8, 8);

  /** Why to look at once, in words; undefined: this chunk is worth none. */
  printed({ text, nowMs, lastLookMs }: PrintedChunk): string | undefined {
    if (telling.test(text)) return this.tellingLooks.take(nowMs) ? outputReasons.telling : undefined;
    if (nowMs - lastLookMs <= youngLookMs) return undefined;
    return this.ordinaryLooks.take(nowMs) ? outputReasons.ordinary : undefined;
  }

  /** Pause before look `step` (zero-based) of the burst after the last chunk; undefined: it is over. */
  burstPauseMs(step: number): number | undefined {
    return burstPausesMs[step];
  }

  /** Whether a look of the burst may be made now. */
  mayBurst(nowMs: number): boolean {
    return this.burstLooks.take(nowMs);
  }
}

const warmUpShare = 0.05;
const shortestWarmUpMs = 40;
const longestWarmUpMs = 250;

/**
 * Pause before the next extra look at a backend that accepts connections and is not ready yet (503, not serving): it
 * will be soon. In milliseconds, for the time since it first accepted one.
 */
export function warmUpPauseMs(sinceConnectedMs: number): number {
  return Math.min(longestWarmUpMs, Math.max(shortestWarmUpMs, sinceConnectedMs * warmUpShare));
}
