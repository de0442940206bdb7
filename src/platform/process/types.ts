/** What is known of processes we start, and the shapes in which spawning and stopping speak. */
/** The codes with which a start can fail before there is a process; a subset of the model's closed list. */
export type SpawnProblemCode = 'commandNotFound' | 'cwdMissing' | 'notExecutable' | 'permissionDenied' | 'spawnFailed';

/**
 * Who a process is, beyond its pid: a pid alone may have been recycled.
 * No boot id or no start time means "not ours" everywhere.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Kernel start time; opaque, compared for equality only. */
  readonly startTime: string;
  readonly bootId: string;
  readonly pidNamespace: string;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly startTime: string;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** State letter of the kernel; `Z` is a zombie and counts as gone. */
  readonly state: string;
  /** Command line with secrets masked, at most 200 characters. */
  readonly command: string;
}

export interface ExitStatus {
  readonly code?: number;
  readonly signal?: string;
}

export interface RunSpec {
  /** Text for the shell, or argv. */
  readonly command: string | readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment of the process; the run marker is added by the spawner. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of the log file; stdout and stderr go there through the pump. */
  readonly logFile: string;
}

/** One life of a backend's process. */
export interface Run {
  /** 128-bit hex id, also in the environment as `LOCAL_BACKENDS_RUN`. */
  readonly marker: string;
  readonly identity: ProcessIdentity;
  /** Set as soon as the leader has exited. */
  readonly exitStatus: ExitStatus | undefined;
  /** Settles when the leader has exited; never rejects. */
  readonly exited: Promise<ExitStatus>;
}

/** A start that failed before there was a process; `code` is one of the spawn codes of the closed list. */
export interface SpawnProblem {
  readonly code: SpawnProblemCode;
  readonly message: string;
  readonly hint?: string;
}

export type SpawnResult = { readonly kind: 'spawned'; readonly run: Run } | { readonly kind: 'failed'; readonly problem: SpawnProblem };

export interface StopOptions {
  readonly signal: string;
  readonly graceMs: number;
  /** Told once, immediately before the first signal is sent: the point of no return. */
  readonly beforeFirstSignal?: () => void;
}

export interface StopResult {
  /** True when SIGKILL was needed. */
  readonly forced: boolean;
  /** Non-zombie members that would not go. Empty: really stopped. */
  readonly leftovers: readonly ProcessInfo[];
}
