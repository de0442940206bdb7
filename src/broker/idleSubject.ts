import { observedIdleTimeoutMs } from '../model/backendDefinition';
import { defaultBackendIdleTimeoutMs } from '../model/idleCoordinator';
import type { BackendRecord } from './backendRecord';
import type { IdleSubject } from './idleLoop';
import type { BrokerPorts } from './ports';

/** The ready backend as the idle loop sees it; undefined when it never goes to sleep. */
export function idleSubject(record: BackendRecord, ports: BrokerPorts): IdleSubject | undefined {
  const live = record.live;
  if (live === undefined) return undefined;
  const { port, gateway } = live.launch;
  const { activity, idleTimeoutMs: declared } = record.definition;
  // Without a port nothing can be seen coming: such a backend sleeps only when its definition says so.
  const idleTimeoutMs = declared ?? (port === undefined ? 'never' : defaultTimeoutMs(record, gateway !== undefined));
  if (idleTimeoutMs === 'never') return undefined;
  return {
    key: record.key,
    idleTimeoutMs: record.naps.timeoutMs(idleTimeoutMs),
    // A gateway knows better than the connection table what is use.
    ports: port === undefined || gateway !== undefined ? [] : [port],
    ...(gateway === undefined || live.upstreamPort === undefined ? {} : { frontedPort: live.upstreamPort }),
    pids: (notBeforeMs) => ports.processes.pids(live.run, notBeforeMs),
    cpu: activity.cpu,
    ...(activity.logs ? { lastOutputAgoMs: () => lastOutputAgoMs(ports, live.launch.logFile) } : {}),
  };
}

async function lastOutputAgoMs(ports: BrokerPorts, file: string): Promise<number | undefined> {
  const writtenMs = await ports.logs.lastWriteMs(file);
  return writtenMs === undefined ? undefined : Math.max(0, ports.clock.wallMs() - writtenMs);
}

/** Waking costs nothing behind a gateway, and without one it does not happen by itself. */
function defaultTimeoutMs({ defaultIdleTimeoutMs }: BackendRecord, hasGateway: boolean): number | 'never' {
  if (defaultIdleTimeoutMs !== 'auto') return defaultIdleTimeoutMs;
  return hasGateway ? defaultBackendIdleTimeoutMs : observedIdleTimeoutMs;
}
