import type { ConfigProblemCode, ConfigProblemSeverity } from './problem';

export interface NotYetActive {
  /** Key path inside a backend, joined with dots. */
  readonly key: string;
  /** Values for which the option asks for nothing beyond what happens anyway. */
  readonly except?: readonly unknown[];
  readonly severity: ConfigProblemSeverity;
  readonly code: ConfigProblemCode;
  readonly message: string;
}

const accepted = { severity: 'information', code: 'notYetActive' } as const;
const refused = { severity: 'error', code: 'notSupported' } as const;

/**
 * Options of the file format that this version reads but does not act on. Said at their place instead of being
 * passed over. A probe that cannot be evaluated must not count as ready: it refuses the backend.
 * A row goes away with the version that acts on it.
 */
export const notYetActive: readonly NotYetActive[] = [
  {
    key: 'gateway',
    except: [false],
    ...accepted,
    message: 'The gateway is not active in this version: the backend listens on its public port itself.',
  },
  { key: 'liveness', ...accepted, message: 'Liveness probes are not active in this version.' },
  {
    key: 'ready.grpc',
    ...refused,
    message: 'gRPC probes are not supported in this version. Use "tcp", "http", "log" or "exec".',
  },
  {
    key: 'ready.unix',
    ...refused,
    message: 'Unix socket probes are not supported in this version. Use "tcp", "http", "log" or "exec".',
  },
  { key: 'activity.openStreams', ...accepted, message: '"openStreams" is not active in this version.' },
  { key: 'activity.ignorePaths', ...accepted, message: '"ignorePaths" is not active in this version.' },
  { key: 'activity.ignoreAgents', ...accepted, message: '"ignoreAgents" is not active in this version.' },
  { key: 'activity.logs', except: [false], ...accepted, message: '"logs" is not active in this version.' },
];
