import type { ExitStatus } from '../platform/process/types';
import type { BackendRecord } from './backendRecord';
import { exitFields, exitWords } from './failures';
import { settledTail } from './logTail';
import type { BrokerPorts } from './ports';

/** A ready backend ended by itself: said at once, with its last lines; then what it left behind is ended too. */
export async function crash(record: BackendRecord, ports: BrokerPorts, status: ExitStatus): Promise<void> {
  const live = record.release();
  const message = `"${record.definition.name}" ${exitWords(status)} while it was running.`;
  const failure = { code: 'crashed' as const, message, ...exitFields(status) };
  record.fail({ ...failure, logTail: [] });
  if (live === undefined) return;
  const logTail = await settledTail(ports, live.launch.logFile);
  if (record.state === 'failed') {
    record.failure = { ...failure, logTail };
    record.changed();
  }
  await ports.processes.stop(live.run, record.definition.stop);
  await ports.logs.appendMark(live.launch.logFile, `${record.definition.name} ${exitWords(status)}`);
}
