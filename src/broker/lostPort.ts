/** A start whose hidden port was taken by a stranger before its process could bind it, and which goes on with another. */
import type { PortHolder } from '../model/failure';
import { goesOnElsewhere } from '../model/hiddenPort';
import { BackendFailure } from '../protocol/backendFailure';
import type { BackendRecord, LiveRun } from './backendRecord';
import { appendFooter, endFamily } from './endSequence';
import * as failures from './failures';
import { settledTail } from './logTail';
import type { BrokerPorts } from './ports';

/** Says why; nothing of the process is left when it is thrown. */
export class PortLost extends Error {}

/** Looks why a process ended before it was ready. Rejects when something of it would not go. */
export async function lostPort(
  record: BackendRecord,
  ports: BrokerPorts,
  live: LiveRun,
  started: number,
): Promise<PortLost | undefined> {
  const { port, gateway, logFile } = live.launch;
  if (port === undefined || gateway === undefined) return undefined;
  const said = await settledTail(ports, logFile);
  const holder = await strangerOn(port, ports, live).catch(() => undefined);
  if (!goesOnElsewhere({ started, port, heldByStranger: holder !== undefined, said })) return undefined;
  const { failure } = await endFamily(record, ports, live);
  if (failure !== undefined) throw new BackendFailure(failure);
  const lost = tellLost(record, ports, port, holder === undefined ? 'another process' : failures.holderWords(holder));
  await appendFooter(ports, live, `${record.definition.name}: ${lost.message}`);
  return lost;
}

/** In the timeline and the log. */
export function tellLost(record: BackendRecord, ports: BrokerPorts, port: number, holder: string): PortLost {
  const words = record.shown(`port ${port} was taken by ${holder} before it could listen there; it gets another one`);
  record.addEvent(words);
  ports.logger.log('warn', `${record.key}: ${words}`);
  return new PortLost(words);
}

async function strangerOn(
  port: number,
  { net, processes }: BrokerPorts,
  { run }: LiveRun,
): Promise<PortHolder | undefined> {
  if (await net.isPortFree(port)) return undefined;
  const holder = await net.findHolder(port);
  const own = await processes.family(run);
  return own.some(({ pid }) => pid === holder.pid) ? undefined : holder;
}
