import type { Failure } from '../model/failure';
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
    ...exitFields(status),
    logTail: [],
  };
  record.fail(failure);
  if (live === undefined) return;
  const logTail = await settledTail(ports, live.launch.logFile);
  record.amendFailure({ ...failure, logTail });
  const { failure: left } = await endFamily(record, ports, live);
  if (left !== undefined) record.amendFailure({ ...failure, ...left, code: 'crashed', logTail });
  await appendFooter(ports, live, `${name} ended by itself`);
}

/** Told once: nothing starts it again after this but a person, or whatever needs it. */
export function giveUpRestarts(record: BackendRecord, ports: BrokerPorts): void {
  const { code, message, hint } = endsSoonAfterReady(record).failure;
  ports.logger.log('warn', message);
  record.amendFailure({ logTail: [], ...record.failure, code, message, ...(hint !== undefined && { hint }) });
}
