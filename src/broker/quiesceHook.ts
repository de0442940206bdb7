/** Asks a backend that declares `stop.quiesce` whether it may be put to sleep now. */
import type { CancellationSignal } from '../base/cancellation';
import { errorMessage } from '../base/errors';
import type { BackendRecord, LiveRun } from './backendRecord';
import type { BrokerPorts } from './ports';

/** It has this long to answer. */
export const quiesceAnswerMs = 5_000;

/** Undefined: it agrees, or has no hook. Only a yes is a yes: an error or no answer in time keeps it awake, and is told. */
export async function askToQuiesce(
  record: BackendRecord,
  ports: BrokerPorts,
  live: LiveRun,
  calledOff: CancellationSignal,
): Promise<string | undefined> {
  const { quiesce, cwd, env } = live.launch;
  if (quiesce === undefined) return undefined;
  const written = record.definition.stop.quiesce;
  const hook = ports.createReadiness(
    { probes: [quiesce], withoutProbes: 'none', ...(written === undefined ? {} : { written: [written] }) },
    {
      cwd,
      env,
      keep: live.run.keep ?? [],
      pids: (notBeforeMs) => ports.processes.pids(live.run, notBeforeMs),
      nearPids: () => ports.processes.nearPids(live.run),
      onEvidence: () => {},
      port: () => live.upstreamPort,
    },
  );
  try {
    const { ok, saw } = await hook.probe(quiesceAnswerMs, calledOff);
    return ok ? undefined : `its quiesce hook did not agree (${saw})`;
  } catch (error) {
    return `its quiesce hook could not be asked (${errorMessage(error)})`;
  } finally {
    hook.dispose();
  }
}
