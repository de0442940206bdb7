/**
 * What a person declared, after parsing: the shape every layer speaks of.
 * Plain data: it crosses the socket between window and broker as JSON. Variables (`${port}` …) are
 * still in the strings; they are filled in by the broker when the backend is started.
 */

/** A command as text for the shell, or as argv with no shell in between. */
export type CommandLine = string | readonly string[];

export interface TcpProbeDefinition {
  readonly kind: 'tcp';
  /** Port to connect to; undefined means the backend's own port. */
  readonly port?: number;
}

export interface HttpProbeDefinition {
  readonly kind: 'http';
  readonly scheme: 'http' | 'https';
  readonly path: string;
  readonly method: string;
  /** Accepted status codes as inclusive ranges, for instance `[[200, 399]]`. */
  readonly status: readonly (readonly [number, number])[];
  readonly headers: Readonly<Record<string, string>>;
  /** Text the body must contain. */
  readonly body?: string;
}

export interface LogProbeDefinition {
  readonly kind: 'log';
  /** Plain text to find in one line of output, or the source of a regular expression. */
  readonly pattern: string;
  /** Flags of the regular expression; undefined means that `pattern` is plain text. */
  readonly regexFlags?: string;
}

export interface ExecProbeDefinition {
  readonly kind: 'exec';
  readonly argv: readonly string[];
}

/** gRPC health (`grpc.health.v1.Health/Check`); ready is `SERVING`. */
export interface GrpcProbeDefinition {
  readonly kind: 'grpc';
  readonly service: string;
}

export interface UnixProbeDefinition {
  readonly kind: 'unix';
  readonly path: string;
}

/** The backend says itself that it is ready: by a line end on a descriptor that it was started with. */
export interface FdProbeDefinition {
  readonly kind: 'fd';
  readonly fd: number;
}

export type ProbeDefinition =
  | TcpProbeDefinition
  | HttpProbeDefinition
  | LogProbeDefinition
  | ExecProbeDefinition
  | GrpcProbeDefinition
  | UnixProbeDefinition
  | FdProbeDefinition;

export interface ReadyDefinition {
  /** All must hold. Empty: `settle` or `none` decides. */
  readonly probes: readonly ProbeDefinition[];
  /** With no probes: `none` is ready at once, `settle` is "still alive after a short settle". */
  readonly withoutProbes: 'none' | 'settle';
  /** Hard ceiling of the spawn wait in milliseconds. */
  readonly timeoutMs: number;
  /** A look that hangs is cut after so many milliseconds; default 5 s. */
  readonly probeTimeoutMs?: number;
  /** Looks in a row that must succeed; default 1. */
  readonly successThreshold?: number;
}

export interface ActivityDefinition {
  readonly openStreams: 'hold' | 'ignore';
  readonly ignorePaths: readonly string[];
  readonly ignoreAgents: readonly string[];
  readonly logs: boolean;
  readonly cpu: boolean;
}

export interface GatewayDefinition {
  readonly wakeOn: 'data' | 'connect';
  readonly hosts: readonly string[];
}

export interface LivenessDefinition {
  readonly probe: ProbeDefinition;
  readonly periodMs: number;
}

export interface StopDefinition {
  /** POSIX signal name, for instance `SIGTERM`. */
  readonly signal: string;
  /** Time between the first signal and SIGKILL in milliseconds, 0 to 600 000. */
  readonly graceMs: number;
  /** In a control group of its own: whoever does not move out of that cannot escape a stop. */
  readonly strict?: true;
  /** Asked before it is put to sleep; only a yes lets it sleep. */
  readonly quiesce?: HttpProbeDefinition | ExecProbeDefinition;
}

export interface BackendDefinition {
  readonly name: string;
  readonly command: CommandLine;
  /** As written: relative to the folder, variables not filled in. */
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly envFile: readonly string[];
  readonly port?: number | 'auto';
  /** undefined: default (on when `${port}` is used); false: observed. */
  readonly gateway?: GatewayDefinition | false;
  /** The process is handed a socket that listens on its port already, as systemd does. */
  readonly socketActivation?: true;
  readonly ready: ReadyDefinition;
  readonly dependsOn: readonly string[];
  /** undefined: the default of the settings applies. */
  readonly idleTimeoutMs?: number | 'never';
  readonly activity: ActivityDefinition;
  readonly liveness?: LivenessDefinition;
  readonly oneShot: boolean;
  readonly stop: StopDefinition;
  readonly restart: 'never' | 'onFailure';
  readonly autoStart: boolean;
  /** Why this backend cannot be started as written; it is listed all the same. */
  readonly problem?: string;
}

/**
 * Idle timeout of backends that name none and have a port: ms, or 'never'. 'auto' means short behind a gateway, which
 * wakes them, and long where it does not.
 */
export type DefaultIdleTimeout = number | 'never' | 'auto';

/** What 'auto' means for a backend without a gateway. */
export const observedIdleTimeoutMs = 900_000;

/** One workspace folder with what it declares; `path` is the real path, which identifies it everywhere. */
export interface FolderDefinition {
  readonly path: string;
  readonly name: string;
  readonly trusted: boolean;
  readonly defaultIdleTimeoutMs: DefaultIdleTimeout;
  /** Texts of command lines of processes that a stop leaves alone where they have left the backend's session. */
  readonly keepProcesses?: readonly string[];
  readonly backends: readonly BackendDefinition[];
}

/** The key of a backend: unique on the machine, stable over reloads. */
export type BackendKey = string;

/** Builds the key of a backend from its folder's real path and its name. */
export function backendKey(folderPath: string, name: string): BackendKey {
  return `${folderPath}#${name}`;
}

/** The defaults of the file format, in one place for parser, schema test and README test. */
export const definitionDefaults = {
  readyTimeoutMs: 60_000,
  /** A migration or a build is not done in the time in which a server answers. */
  oneShotTimeoutMs: 600_000,
  stopSignal: 'SIGTERM',
  stopGraceMs: 5_000,
  settleMs: 300,
  /** A hook says yes with these. */
  quiesceStatus: [[200, 299]] as readonly (readonly [number, number])[],
  httpStatus: [[200, 399]] as readonly (readonly [number, number])[],
  ignorePaths: ['/health', '/healthz', '/livez', '/readyz', '/metrics'] as readonly string[],
  ignoreAgents: ['kube-probe', 'Prometheus'] as readonly string[],
} as const;
