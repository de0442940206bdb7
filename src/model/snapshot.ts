import type { BackendKey } from './backendDefinition';
import type { BackendState } from './backendState';
import type { Failure } from './failure';

/** Why a backend is kept awake. */
export type HoldKind =
  'request' | 'stream' | 'connection' | 'api' | 'task' | 'agent' | 'keepAwake' | 'dependent' | 'debug' | 'cpu';

export interface HoldView {
  readonly kind: HoldKind;
  /** In words a person understands, for instance `2 open connections`. */
  readonly reason: string;
  /** Epoch ms since which it holds, for display. */
  readonly since?: number;
}

export type VerdictKind = 'slept' | 'kept' | 'woken' | 'refused';

/** What was decided about sleeping and waking, and why. */
export interface VerdictEntry {
  /** Epoch ms, for display. */
  readonly at: number;
  readonly kind: VerdictKind;
  /** `asleep: nobody used it for 30 s`. */
  readonly text: string;
}

/** The last thing that counted as use. */
export interface LastUse {
  /** Epoch ms, for display. */
  readonly at: number;
  /** `a connection was closed`. */
  readonly what: string;
}

export interface SpawnWaitView {
  /** Zero-based number of the next scheduled probe. */
  readonly attempt: number;
  readonly elapsedMs: number;
  readonly nextProbeInMs: number;
  readonly hardCeilingMs: number;
}

export interface IdleView {
  readonly idleTimeoutMs: number;
  /** Time until it goes to sleep if nothing happens; meaningless while `holds` is not empty. */
  readonly remainingMs: number;
  readonly holds: readonly HoldView[];
}

/** Why a ready backend does not count as one that can be used now. */
export interface NotAnswering {
  /** Epoch ms, for display. */
  readonly since: number;
  /** In words: `http /health → timed out after 5 s`. */
  readonly saw: string;
}

/**
 * What a client sees of one backend at one moment. Durations are milliseconds; `stateSince` is epoch
 * milliseconds (for display only).
 */
export interface BackendSnapshot {
  readonly key: BackendKey;
  readonly name: string;
  /** Name of the workspace folder. */
  readonly folder: string;
  readonly state: BackendState;
  readonly stateSince: number;
  /** The spawned leader. */
  readonly pid?: number;
  readonly publicPort?: number;
  readonly upstreamPort?: number;
  readonly url?: string;
  readonly spawnWait?: SpawnWaitView;
  readonly idle?: IdleView;
  readonly failure?: Failure;
  /** The last verdict with its reason: why it sleeps, was kept awake, woken or refused. */
  readonly lastVerdict?: string;
  /** Set while it is ready and does not answer; it is left running. */
  readonly notAnswering?: NotAnswering;
}

/** A snapshot with what only our own views need. */
export interface BackendView extends BackendSnapshot {
  readonly folderPath: string;
  /** What is being waited for, in words: `http /health → 503`, `waiting for db`. */
  readonly detail?: string;
  /** True when the running process was started from another definition than the file has now. */
  readonly restartToApply: boolean;
  /** Problem of the definition; such a backend cannot be started. */
  readonly problem?: string;
  /** It asked for a strict stop, and runs without: why, and what that means. */
  readonly notStrict?: string;
  /** Set while it is asleep behind a gateway: what wakes it, a connection or the first bytes on one. */
  readonly wakesOn?: 'data' | 'connect';
  /** Typical time from spawn to ready in ms, from past starts of this definition. */
  readonly typicalReadyMs?: number;
  /** A start that takes longer than this is much slower than usual. */
  readonly slowAfterMs?: number;
  /** Of the start in progress, else of the last one. */
  readonly start?: StartFacts;
  /** A keep-awake by the person: epoch ms of its end, or 'forever'. */
  readonly keepAwakeUntil?: number | 'forever';
  readonly oneShot: boolean;
  /** Set by a window that does not trust its folder: from there it cannot be started. */
  readonly untrusted?: boolean;
  /** Set while an automatic restart is pending: ms from now. */
  readonly restartInMs?: number;
}

/** Something a start had to wait for before it could begin. */
export interface StartWait {
  /** Name of the dependency; undefined when it waited for its turn among other starts. */
  readonly dependency?: string;
  /** Names of those whose starts it waited behind, as its wait began. */
  readonly behind?: readonly string[];
  readonly waitedMs: number;
}

export interface StartFacts {
  readonly waits: readonly StartWait[];
  /** Scheduled and extra probes. */
  readonly probesMade: number;
  readonly lastProbe?: ProbeRecord;
  /** From spawn to ready in ms. */
  readonly readyAfterMs?: number;
}

export interface TimelineEntry {
  /** Epoch ms, for display. */
  readonly at: number;
  readonly state: BackendState;
  readonly cause: string;
}

export interface ProbeRecord {
  /** Scheduled number (zero-based), or undefined for an extra probe. */
  readonly attempt?: number;
  readonly elapsedMs: number;
  readonly reason: string;
  readonly saw: string;
  readonly ok: boolean;
  /** So many extra looks in a row saw the same; this is the last of them. Absent: one. */
  readonly times?: number;
}

/** How long past starts of one definition took, newest last. */
export interface PastStarts {
  readonly readyMs: readonly number[];
  /** Of those of them, newest last, for which it is known: it was its output that told. */
  readonly saidSo?: readonly boolean[];
  /** Until they failed: it exited, or the hard ceiling was reached. */
  readonly failedMs: readonly number[];
}

/** The slow-changing details behind a row's tooltip; fetched when looked at. */
export interface BackendDetails {
  readonly key: BackendKey;
  /** Command line as run, secrets masked. */
  readonly command: string;
  readonly cwd?: string;
  /** Of what is set beyond the window's environment; names only, never values. */
  readonly environmentNames: readonly string[];
  readonly logFile?: string;
  readonly startedAt?: number;
  readonly readyAfterMs?: number;
  /** It runs in a control group of its own, as `stop.strict` asks for. */
  readonly strict?: true;
  readonly timeline: readonly TimelineEntry[];
  readonly probes: readonly ProbeRecord[];
  readonly pastStarts?: PastStarts;
  /** Epoch ms at which it will go to sleep, when a countdown runs. */
  readonly sleepsAt?: number;
  /** What is observed to tell whether it is in use. */
  readonly observed: string;
  /** The last verdicts, oldest first; undefined from a broker of an older build. */
  readonly verdicts?: readonly VerdictEntry[];
  /** Set when its idle timeout is longer than configured: what woke it too soon after it fell asleep. */
  readonly stretchedBecauseOf?: string;
  /** Undefined for a backend that does not count down. */
  readonly lastUse?: LastUse;
  /** Of one that declares no port and listens on some: `it listens on 5173; add …`. */
  readonly portHint?: string;
}
