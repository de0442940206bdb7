import { maskSecrets } from '../platform/process/maskSecrets';
import type { BackendDetails, BackendView } from '../model/snapshot';
import type { BackendRecord } from './backendRecord';
import type { BrokerPorts } from './ports';

/** The slow-changing details of one backend; names of environment variables, never values. */
export function detailsOf(record: BackendRecord, view: BackendView, ports: BrokerPorts, observed: string): BackendDetails {
  const launch = record.live?.launch ?? record.lastLaunch;
  const command = launch?.command ?? record.definition.command;
  const counting = view.state === 'ready' && view.idle !== undefined && view.idle.holds.length === 0;
  return {
    key: record.key,
    command: maskSecrets(typeof command === 'string' ? command : command.join(' ')),
    environmentNames: Object.keys(launch?.env ?? record.definition.env).sort(),
    timeline: record.timeline.entries(),
    probes: record.probes.entries(),
    observed: view.idle === undefined ? 'It never goes to sleep by itself.' : observed,
    logFile: ports.logs.fileFor(record.key),
    ...(launch === undefined ? {} : { cwd: launch.cwd }),
    ...(record.live === undefined ? {} : { startedAt: record.live.startedAtWallMs }),
    ...(record.live?.readyAfterMs === undefined ? {} : { readyAfterMs: record.live.readyAfterMs }),
    ...(counting && view.idle !== undefined ? { sleepsAt: ports.clock.wallMs() + view.idle.remainingMs } : {}),
  };
}
