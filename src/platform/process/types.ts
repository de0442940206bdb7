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

/** One line of the process table. */
export interface ProcessStat {
  readonly pid: number;
  readonly startTime: string;
  readonly parentPid: number;
  /** 0 where the system has no process groups. */
  readonly groupId: number;
  /** 0 where the system does not tell. */
  readonly sessionId: number;
  /** State letter of the kernel; `Z` is a zombie and counts as gone. */
  readonly state: string;
}

export interface ProcessInfo extends ProcessStat {
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
  /** Of the run, 128 bits in hex, when the caller has to know it before there is a process; default: a fresh one. */
  readonly marker?: string;
  /** The whole environment of the process; the run marker is added by the spawner. */
  readonly env: Readonly<Record<string, string>>;
  /** Texts of command lines of processes that are left alone where they have left the session of the run. */
  readonly keep?: readonly string[];
  /** Folder of the control group it is to run in, which is made for it; absent: in that of the broker. */
  readonly group?: string;
  /** Absolute path of the log file; stdout and stderr go there through the pump. */
  readonly logFile: string;
  /** A port of 127.0.0.1: the process is handed a socket that listens there, as its descriptor 3. Not on Windows. */
  readonly listenOn?: number;
  /** A descriptor for writing that leads to a fresh, empty file. Not on Windows. */
  readonly readyFile?: ReadyFile;
}

export interface ReadyFile {
  /** 3 or higher. */
  readonly fd: number;
  /** Absolute. */
  readonly path: string;
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
  /** Texts of command lines: who has left its session and has one of them in its own is none of it. */
  readonly keep?: readonly string[];
  /** Folder of its control group: who is in there is of the run, whatever it did, and whatever the keep-list says. */
  readonly group?: string;
  /** What looks and stops remember of this run; absent: every look starts anew. */
  readonly memory?: RunMemory;
}

/** Kept with a run by the family scan and by the stop; nobody else writes here. */
export interface RunMemory {
  /** Start time by pid of every member seen alive: a child stays ours when its parent is gone. */
  readonly members: Map<number, string>;
  /** The stop in progress, shared by everybody who asks. */
  stopping?: StopInProgress | undefined;
}

export interface StopInProgress {
  readonly result: Promise<StopResult>;
  /** A second request: it may only shorten the grace. */
  join(options: StopOptions): void;
}

/** A start that failed before there was a process; `code` is one of the spawn codes of the closed list. */
export interface SpawnProblem {
  readonly code: SpawnProblemCode;
  readonly message: string;
  readonly hint?: string;
}

export type SpawnResult =
  { readonly kind: 'spawned'; readonly run: Run } | { readonly kind: 'failed'; readonly problem: SpawnProblem };

export interface StopOptions {
  readonly signal: string;
  readonly graceMs: number;
  /**
   * Somebody who died may have sent the signal or not: it gets its grace first, and the signal only if it is still there then. To be told
   * twice many take for "at once"; to be killed untold is worse than to be told late.
   */
  readonly perhapsTold?: boolean;
  /** The keep-list as it is now; default: that of the run. */
  readonly keep?: readonly string[];
  /** Told once, immediately before the first signal is sent: the point of no return. */
  readonly beforeFirstSignal?: () => void;
  /** Told once, in the turn in which the first signal was sent. */
  readonly afterFirstSignal?: () => void;
}

export interface StopResult {
  /** True when SIGKILL was needed. */
  readonly forced: boolean;
  /** Non-zombie members that would not go. Empty: really stopped. */
  readonly leftovers: readonly ProcessInfo[];
  /** Those of the keep-list that still run; absent when there are none. */
  readonly kept?: readonly ProcessInfo[];
}
