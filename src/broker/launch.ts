import type { CommandLine, GatewayDefinition, ProbeDefinition } from '../model/backendDefinition';
import type { ReadyFile } from '../platform/process/types';

/** A definition made concrete for one start: variables filled in, environment composed, port chosen. */
export interface Launch {
  readonly command: CommandLine;
  /** Absolute. */
  readonly cwd: string;
  /** Where that led to; undefined when there was nothing. */
  readonly realCwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Names that do not come from the window: what we inject, the env files, the definition. */
  readonly ownNames: readonly string[];
  /** What the process shall listen on. */
  readonly port?: number;
  /** What the world uses; another one than `port` where a gateway stands in between. */
  readonly publicPort?: number;
  readonly gateway?: GatewayDefinition;
  readonly probes: readonly ProbeDefinition[];
  /** Asked before it is put to sleep. */
  readonly quiesce: ProbeDefinition | undefined;
  /** What tells, while it is ready, whether it still answers. */
  readonly liveness: ProbeDefinition | undefined;
  readonly logFile: string;
  /** Of the socket it is handed, which listens already. */
  readonly listenOn?: number;
  /** Where it says that it is ready. */
  readonly readyFile?: ReadyFile;
  /** Hash that changes with everything a running process would have to be restarted for. */
  readonly fingerprint: string;
  /** Hash of all that somebody agreed to: the launch, and whatever is run to ask it. */
  readonly whatRuns: string;
  /** The environment of the window that asked; automatic restarts use it again. */
  readonly windowEnvironment: Readonly<Record<string, string>>;
}
