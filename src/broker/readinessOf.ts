import type { BrokerPorts, Readiness } from './ports';
import type { LiveRun } from './backendRecord';
import type { ReadinessDefinition } from '../probes/createProbe';

/** Probes that look at this run and no other. `onEvidence`: one found what it waits for in the output. */
export function readinessOf(
  ports: BrokerPorts,
  live: LiveRun,
  definition: ReadinessDefinition,
  onEvidence: () => void = () => {},
): Readiness {
  const { cwd, env, port } = live.launch;
  return ports.createReadiness(definition, {
    cwd,
    env,
    pids: (notBeforeMs) => ports.processes.pids(live.run, notBeforeMs),
    nearPids: () => ports.processes.nearPids(live.run),
    onEvidence,
    ...(port === undefined ? {} : { port }),
  });
}
