import type { BrokerPorts, Readiness } from './ports';
import type { LiveRun } from './backendRecord';
import type { ReadinessDefinition } from '../probes/createProbe';
import type { ProbeDefinition } from '../model/backendDefinition';
import type { SaidReady } from '../probes/probe';

/** Probes that look at this run and no other. `onEvidence`: one found what it waits for in the output. */
export function readinessOf(
  ports: BrokerPorts,
  live: LiveRun,
  definition: ReadinessDefinition,
  onEvidence: () => void = () => {},
  said: () => SaidReady | undefined = () => undefined,
): Readiness {
  const { cwd, env } = live.launch;
  const probes = definition.probes.map((probe) => atOwnPort(probe, live));
  return ports.createReadiness(
    { ...definition, probes },
    {
      cwd,
      env,
      keep: live.run.keep ?? [],
      pids: (notBeforeMs) => ports.processes.pids(live.run, notBeforeMs),
      nearPids: () => ports.processes.nearPids(live.run),
      onEvidence,
      said,
      port: () => live.upstreamPort,
    },
  );
}

/** One that names the port which the process was given means the one it took. */
function atOwnPort(probe: ProbeDefinition, { launch }: LiveRun): ProbeDefinition {
  return probe.kind === 'tcp' && probe.port !== undefined && probe.port === launch.port ? { kind: 'tcp' } : probe;
}
