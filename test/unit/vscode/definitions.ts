import type { BackendDefinition, FolderDefinition } from '../../../src/model/backendDefinition';

export function definitionOf(name: string, differences: Partial<BackendDefinition> = {}): BackendDefinition {
  return {
    name,
    command: `run ${name}`,
    env: {},
    envFile: [],
    ready: { probes: [], withoutProbes: 'settle', timeoutMs: 60_000 },
    dependsOn: [],
    activity: { openStreams: 'hold', ignorePaths: [], ignoreAgents: [], logs: false, cpu: true },
    oneShot: false,
    stop: { signal: 'SIGTERM', graceMs: 5_000 },
    restart: 'never',
    autoStart: false,
    ...differences,
  };
}

export function folderOf(name: string, ...backends: BackendDefinition[]): FolderDefinition {
  return { path: `/${name}`, name, trusted: true, defaultIdleTimeoutMs: 900_000, backends };
}
