import { definitionDefaults } from '../model/backendDefinition';
import { hardlyUpMs, type Failure } from '../model/failure';
import type { ExitStatus } from '../platform/process/types';
import type { BackendRecord } from './backendRecord';
import { appendFooter, endFamily } from './endSequence';
import { endsSoonAfterReady, exitFields, exitWords } from './failures';
import { settledTail } from './logTail';
import type { BrokerPorts } from './ports';

/** A ready backend ended by itself: said at once, with its last lines; then what it left behind is ended too. */
export async function crash(record: BackendRecord, ports: BrokerPorts, status: ExitStatus): Promise<void> {
  const live = record.live;
  const { name } = record.definition;
  const failure: Failure = {
    code: 'crashed',
    message: `"${name}" ${exitWords(status)} while it was running.`,
    ...hintOf(record, ports),
    ...exitFields(status),
    logTail: [],
  };
  record.fail(failure);
  if (live === undefined) return;
  const logTail = await settledTail(ports, live.launch.logFile);
  record.amendFailure({ ...failure, logTail });
  const { failure: left } = await endFamily(record, ports, live);
  if (left !== undefined) record.amendFailure({ ...failure, ...left, code: 'crashed', logTail });
  // Its process is known to be gone only now.
  else record.changed();
  await appendFooter(ports, live, `${name} ended by itself`);
}

/** One that says nothing of its readiness has most likely never been up. */
function hintOf({ live, definition }: BackendRecord, ports: BrokerPorts): Pick<Failure, 'hint'> {
  const aliveMs = ports.clock.nowMs() - (live?.readyAtMs ?? Number.NEGATIVE_INFINITY);
  const hasProbes = (live?.launch.probes.length ?? 1) > 0;
  if (aliveMs > hardlyUpMs || hasProbes || definition.ready.withoutProbes !== 'settle') return {};
  return {
    hint: `It counted as ready because it was still alive after ${definitionDefaults.settleMs / 1000} s: "port" or "ready" make it wait for more.`,
  };
}

/** Told once: nothing starts it again after this but a person, or whatever needs it. */
export function giveUpRestarts(record: BackendRecord, ports: BrokerPorts): void {
  const { code, message, hint } = endsSoonAfterReady(record).failure;
  ports.logger.log('warn', message);
  record.amendFailure({ logTail: [], ...record.failure, code, message, ...(hint !== undefined && { hint }) });
}
