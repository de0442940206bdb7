import { maskSecrets } from '../platform/process/maskSecrets';
import type { BackendDetails, BackendView, LastUse } from '../model/snapshot';
import type { BackendRecord } from './backendRecord';
import { dropUndefined } from './dropUndefined';
import type { BrokerPorts } from './ports';

/** The slow-changing details of one backend; names of environment variables, never values. */
export function detailsOf(
  record: BackendRecord,
  view: BackendView,
  ports: BrokerPorts,
  observed: string,
  lastUse: LastUse | undefined,
): BackendDetails {
  const launch = record.live?.launch ?? record.lastLaunch;
  // As written: what a variable of the environment stands for may be a secret.
  const { command } = record.definition;
  return dropUndefined({
    key: record.key,
    command: maskSecrets(typeof command === 'string' ? command : command.join(' ')),
    environmentNames: launch?.ownNames ?? Object.keys(record.definition.env).sort(),
    timeline: record.timeline.entries(),
    probes: record.probes.entries(),
    observed: view.state === 'ready' && view.idle === undefined ? 'It never goes to sleep by itself.' : observed,
    logFile: ports.logs.fileFor(record.key),
    cwd: launch?.cwd,
    startedAt: record.live?.startedAtWallMs,
    readyAfterMs: record.live?.readyAfterMs,
    verdicts: record.verdicts.entries(),
    lastUse,
    sleepsAt: sleepsAt(view, ports.clock.wallMs()),
  });
}

/** Epoch ms; undefined while no countdown runs. */
function sleepsAt({ state, idle }: BackendView, wallMs: number): number | undefined {
  const counting = state === 'ready' && idle?.holds.length === 0;
  return counting ? wallMs + idle.remainingMs : undefined;
}
