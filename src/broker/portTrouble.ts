/** What the port has to do with a start that did not become ready, and what to do about it. */
import type { PortHolder } from '../model/failure';
import { saysInUse } from '../model/hiddenPort';
import type { BackendRecord, LiveRun } from './backendRecord';
import * as failures from './failures';
import type { BrokerPorts } from './ports';

export interface PortTrouble {
  readonly hint: string;
  readonly portHolder?: PortHolder;
}

/** Undefined when its last lines say nothing of a port that is in use. */
export async function portTrouble(
  record: BackendRecord,
  { net }: BrokerPorts,
  { launch }: LiveRun,
  logTail: readonly string[],
): Promise<PortTrouble | undefined> {
  const { port, publicPort, gateway } = launch;
  if (port === undefined || !logTail.some(saysInUse)) return undefined;
  if (launch.listenOn !== undefined) return { hint: ignoresItsSocket(launch.listenOn) };
  if (!(await net.isPortFree(port))) {
    const portHolder = await net.findHolder(port);
    const hint = record.shown(`Port ${portHolder.port} is held by ${failures.holderWords(portHolder)}.`);
    return { hint, portHolder };
  }
  return gateway === undefined || publicPort === undefined ? undefined : { hint: wantsPublicPort(publicPort) };
}

function ignoresItsSocket(port: number): string {
  return (
    `It was handed port ${port} as descriptor 3, listening already ("socketActivation"), and tried to listen there itself. ` +
    'Let it take that socket (LISTEN_FDS), or remove "socketActivation".'
  );
}

/** It is not told, or does not listen to, where it shall go. */
function wantsPublicPort(publicPort: number): string {
  return (
    `Port ${publicPort} is held by the gateway of this backend; the process has to listen on the port it is given. ` +
    'Pass "${port}" in "command" or "env" (PORT has it too), or set "gateway": false.'
  );
}

/** Where one that runs listens, apart from the port it was given. */
export async function listensElsewhere(
  { net, processes, platform }: BrokerPorts,
  { run, launch: { port } }: LiveRun,
): Promise<readonly number[]> {
  if (port === undefined || platform !== 'linux') return [];
  const places = (await net.listeningPlaces(processes.nearPids(run)).catch(() => undefined)) ?? [];
  const listening = [...new Set(places.map((place) => place.port))];
  return listening.includes(port) ? [] : listening.sort((a, b) => a - b);
}

/** Behind a gateway, of one that ran until the ceiling: where it did not listen. */
export async function listenedNowhere(
  { net, processes, platform }: BrokerPorts,
  { run, launch: { gateway, port } }: LiveRun,
): Promise<string | undefined> {
  // Elsewhere such a look sees nothing, whatever there is.
  if (gateway === undefined || port === undefined || platform !== 'linux') return undefined;
  const places = await net.listeningPlaces(processes.nearPids(run)).catch(() => undefined);
  if (places?.length !== 0) return undefined;
  return `It listened on no port; the one it was given is ${port}, as "\${port}" and PORT.`;
}
