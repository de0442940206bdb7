/** Makes a definition concrete for one start: port chosen, env files read, variables filled in. */
import { hideValues } from '../config/hideValues';
import { composeEnvironment, injectedEnvironment } from '../config/environment';
import { parseEnvFile, type EnvFileEntry } from '../config/envFile';
import { gatewayOf } from '../config/gatewayOf';
import { resolveDefinition, type LaunchScope, type ResolvedLaunch } from '../config/resolve';
import { errorCode } from '../base/errors';
import type { BackendDefinition } from '../model/backendDefinition';
import { backendUrl } from '../model/backendUrl';
import { BackendFailure } from '../protocol/backendFailure';
import type { BackendRecord } from './backendRecord';
import * as failures from './failures';
import type { Launch } from './launch';
import { fingerprintOf, whatRunsHash } from './launchFacts';
import type { BrokerPorts } from './ports';
import { readyFileOf } from './saidReady';
import type { StartRequest } from './startRequest';

export interface Neighbours {
  /** The backend of that name in the same folder. */
  find(name: string): BackendRecord | undefined;
  /** Ports that belong to any backend, running or not. */
  declaredPorts(): ReadonlySet<number>;
  /** The public port is held for this backend already. */
  isOurs(publicPort: number): boolean;
}

/** There a process is not handed descriptors by number. */
function refuseDescriptors(record: BackendRecord, wanted: Readonly<Record<string, boolean>>): void {
  const [key] = Object.keys(wanted).filter((name) => wanted[name] === true);
  if (key !== undefined) throw failures.noDescriptorsHere(record, key);
}

export async function resolveLaunch(
  record: BackendRecord,
  request: StartRequest,
  ports: BrokerPorts,
  neighbours: Neighbours,
): Promise<Launch> {
  const definition = request.definition ?? record.definition;
  const windows = ports.platform === 'win32';
  const publicPort = await choosePort(record, definition, request, ports, neighbours);
  const gateway = gatewayOf(definition);
  const port = gateway === undefined ? publicPort : await chooseHiddenPort(record, ports, neighbours);
  const scope: LaunchScope = {
    workspaceFolder: record.folder.path,
    env: request.environment,
    shell: windows ? 'cmd' : 'posix',
    backend: (name) => addressOf(neighbours.find(name)),
    ...(port === undefined ? {} : { port }),
  };
  const envFiles = await readEnvFiles(envFilePaths(record, definition, scope), ports, (text) =>
    hideValues(text, definition, request.environment),
  );
  const withFiles = Object.fromEntries(envFiles.map(({ name, value }) => [name, value]));
  const resolved = fillIn(record, definition, { ...scope, env: { ...request.environment, ...withFiles } });
  const logFile = ports.logs.fileFor(record.key);
  const readyFile = readyFileOf(definition, logFile);
  const activated = definition.socketActivation === true;
  if (windows) refuseDescriptors(record, { 'ready.fd': readyFile !== undefined, socketActivation: activated });
  const injected = injectedEnvironment(port, { readyFd: readyFile?.fd, activated });
  return {
    command: resolved.command,
    cwd: resolved.cwd,
    realCwd: await ports.files.realPath(resolved.cwd),
    env: composeEnvironment({
      window: request.environment,
      envFiles,
      injected,
      definition: resolved.env,
      ignoreCase: windows,
    }),
    probes: resolved.probes,
    liveness: resolved.liveness,
    logFile,
    ...(readyFile === undefined ? {} : { readyFile }),
    ...(activated && port !== undefined ? { listenOn: port } : {}),
    fingerprint: fingerprintOf(definition),
    whatRuns: whatRunsHash(definition),
    windowEnvironment: request.environment,
    ownNames: Object.keys({ ...injected, ...withFiles, ...resolved.env }).sort(),
    quiesce: resolved.quiesce,
    ...(port === undefined ? {} : { port }),
    ...(publicPort === undefined ? {} : { publicPort }),
    ...(gateway === undefined ? {} : { gateway }),
  };
}

/** The env files are named before their own entries count. */
function envFilePaths(record: BackendRecord, named: BackendDefinition, scope: LaunchScope): readonly string[] {
  const { signal, graceMs } = named.stop;
  const ready = { ...named.ready, probes: [] };
  const liveness = { probe: { kind: 'tcp' }, periodMs: 0 } as const;
  const bare = { ...named, command: [], env: {}, ready, liveness, stop: { signal, graceMs } };
  return fillIn(record, bare, scope).envFiles;
}

function fillIn(record: BackendRecord, definition: BackendDefinition, scope: LaunchScope): ResolvedLaunch {
  const resolution = resolveDefinition(definition, scope);
  if (!resolution.ok) throw failures.invalidDefinition(record, resolution.message);
  return resolution.launch;
}

async function choosePort(
  record: BackendRecord,
  { port }: BackendDefinition,
  { anotherPort = false }: StartRequest,
  ports: BrokerPorts,
  neighbours: Neighbours,
): Promise<number | undefined> {
  if (port === undefined || (port !== 'auto' && !anotherPort)) return port;
  const kept = record.assignedPort;
  if (kept !== undefined && (neighbours.isOurs(kept) || (await ports.net.isPortFree(kept)))) return kept;
  record.assignedPort = await ports.net.allocatePort(neighbours.declaredPorts());
  return record.assignedPort;
}

/** Behind a gateway: the same as last time while it is free, so that what a program remembers stays true. */
async function chooseHiddenPort(record: BackendRecord, ports: BrokerPorts, neighbours: Neighbours): Promise<number> {
  const kept = record.hiddenPort;
  if (kept !== undefined && (await ports.net.isPortFree(kept))) return kept;
  record.hiddenPort = await ports.net.allocatePort(neighbours.declaredPorts());
  return record.hiddenPort;
}

/** Where another backend of the folder is reached. */
export function addressOf(neighbour: BackendRecord | undefined): { port?: number; url?: string } | undefined {
  const port = neighbour?.publicPort;
  if (neighbour === undefined || port === undefined) return undefined;
  return { port, url: backendUrl(neighbour.definition, port) ?? `http://localhost:${port}` };
}

/** A missing env file is a warning, never a failure: `.env.local` is often not there. */
async function readEnvFiles(
  paths: readonly string[],
  ports: BrokerPorts,
  shown: (text: string) => string,
): Promise<readonly EnvFileEntry[]> {
  const entries: EnvFileEntry[] = [];
  for (const path of paths) {
    const name = shown(path);
    const text = await readEnvFile(path, name, ports);
    if (text === undefined) {
      ports.logger.log('warn', `env file not found: ${name}`);
      continue;
    }
    const parsed = parseEnvFile(text);
    for (const problem of parsed.problems) ports.logger.log('warn', `${name}:${problem.line}: ${problem.message}`);
    entries.push(...parsed.entries);
  }
  return entries;
}

async function readEnvFile(path: string, name: string, ports: BrokerPorts): Promise<string | undefined> {
  try {
    return await ports.files.readText(path);
  } catch (error) {
    throw BackendFailure.of(
      'invalidConfig',
      `The env file ${name} could not be read (${errorCode(error) ?? 'unknown'}).`,
    );
  }
}
