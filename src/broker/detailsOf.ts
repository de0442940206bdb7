import { shownCommand } from '../model/shownCommand';
import { maskSecrets } from '../platform/process/maskSecrets';
import { portHint } from '../model/portHint';
import type { BackendDetails, BackendView, LastUse } from '../model/snapshot';
import type { BackendRecord } from './backendRecord';
import { dropUndefined } from './dropUndefined';
import type { BrokerPorts } from './ports';

/** The slow-changing details of one backend; names of environment variables, never values. */
export function detailsOf(
  record: BackendRecord,
  view: BackendView,
  ports: BrokerPorts,
  seen: {
    readonly observed: string | undefined;
    readonly lastUse: LastUse | undefined;
    /** Ports that its processes listen on; looked for where none is declared. */
    readonly listensOn?: readonly number[] | undefined;
  },
): BackendDetails {
  const launch = record.live?.launch ?? record.lastLaunch;
  // As written: what a variable of the environment stands for may be a secret.
  const { command } = record.definition;
  return dropUndefined({
    key: record.key,
    command: maskSecrets(typeof command === 'string' ? command : shownCommand(command)),
    environmentNames: launch?.ownNames ?? Object.keys(record.definition.env).sort(),
    timeline: record.timeline.entries(),
    probes: record.probes.entries(),
    observed: observedWords(view, seen.observed),
    pastStarts: ports.history.pastStarts(record.startId),
    logFile: ports.logs.fileFor(record.key),
    cwd: launch === undefined ? undefined : record.shown(launch.cwd),
    startedAt: record.live?.startedAtWallMs,
    readyAfterMs: record.live?.readyAfterMs,
    strict: record.live?.run.group === undefined ? undefined : (true as const),
    verdicts: record.verdicts.entries(),
    stretchedBecauseOf: record.naps.stretchedBecauseOf,
    lastUse: seen.lastUse,
    portHint: portHint(seen.listensOn ?? []),
    sleepsAt: sleepsAt(view, ports.clock.wallMs()),
  });
}

function observedWords(view: BackendView, observed: string | undefined): string {
  if (observed !== undefined) return observed;
  return view.state === 'ready' ? 'It never goes to sleep by itself.' : 'nothing while it is not ready';
}

/** Epoch ms; undefined while no countdown runs. */
function sleepsAt({ state, idle }: BackendView, wallMs: number): number | undefined {
  const counting = state === 'ready' && idle?.holds.length === 0;
  return counting ? wallMs + idle.remainingMs : undefined;
}
