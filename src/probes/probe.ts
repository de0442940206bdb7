import type { CancellationSignal } from '../base/cancellation';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import type { PortOwner } from '../platform/net/portHolder';
import type { ProbeOutcome } from '../platform/net/types';
import type { PatternWorker } from './patternWorker';

/** One readiness question, for one run of one backend. */
export interface Probe extends Disposable {
  /** In words: `http /health`, `tcp :3000`, `log "ready"`. */
  readonly describe: string;
  /**
   * Looks once. Never rejects, and answers within `timeoutMs` whatever the backend does; the caller clips
   * `timeoutMs` to the hard ceiling.
   */
  probe(timeoutMs: number, signal?: CancellationSignal): Promise<ProbeOutcome>;
  /** Output of this run, in order; only log probes listen. */
  feed(chunk: string | Uint8Array): void;
}

/** How an exec probe's program ended. */
export type ExecResult =
  | {
      readonly kind: 'exited';
      readonly code: number;
      /** Last words of its output, for the person. */ readonly output?: string;
    }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'notStarted'; readonly message: string };

/** Runs a probe's program in the backend's directory and environment, and ends it at the deadline or when cancelled. */
export type ExecRunner = (
  argv: readonly string[],
  limits: { readonly timeoutMs: number; readonly signal: CancellationSignal },
) => Promise<ExecResult>;

export interface SaidReady {
  readonly bytes: number;
  readonly lineEnd: boolean;
}

/** Where and with what the probes of one run look. */
export interface ProbeContext {
  readonly clock: Clock;
  /** The backend's own port (the one its process listens on), as far as it is known when it is asked. */
  readonly port?: number | undefined;
  /** Whether the listener behind a success is the backend itself. */
  readonly verifyOwner: (port: number, address: string) => Promise<PortOwner>;
  /** Whether it certainly is, told at once; no also where that takes a longer look. */
  readonly ownsNow?: (port: number, address: string) => boolean;
  /** The same as `verifyOwner` for an answer that does not satisfy, as it was seen a moment ago. */
  readonly suspectOwner?: (port: number, address: string) => Promise<PortOwner>;
  readonly run: ExecRunner;
  /** What the backend wrote to the descriptor on which it is to say that it is ready; undefined when it has none. */
  readonly said?: () => SaidReady | undefined;
  /** Shared by all log probes of the broker. */
  readonly patterns: PatternWorker;
  /** Told when a log probe's text was found: a reason to look again at once. */
  readonly onEvidence?: () => void;
}
