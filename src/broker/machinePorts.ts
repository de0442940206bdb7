/** Plugs the broker's ports into this machine. */
import { readFile, realpath } from 'node:fs/promises';
import * as path from 'node:path';
import type { Clock } from '../base/clock';
import { errorCode, errorMessage } from '../base/errors';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { ConnectionSensor } from '../activity/connectionSensor';
import { CpuSensor } from '../activity/cpuSensor';
import { openRoute } from '../gateway/gatewayRoute';
import { removeUnfinished } from '../platform/files/atomicWrite';
import { watchName } from '../platform/files/watchName';
import { createSocketTable } from '../platform/net/createSocketTable';
import { allocatePort, isPortFree, portRangeOfThisMachine } from '../platform/net/freePort';
import { PortHolders } from '../platform/net/portHolder';
import type { SocketTable } from '../platform/net/socketTable';
import { osName } from '../platform/os';
import { cpuTimeReader } from '../platform/process/cpuTime';
import { definedEnvironment } from '../platform/process/environment';
import { listFamily } from '../platform/process/family';
import { FamilyScans } from '../platform/process/familyScans';
import { groupPlace } from '../platform/process/controlGroup';
import { hostProcTable } from '../platform/process/hostProcTable';
import { nearFamily } from '../platform/process/nearFamily';
import { identityOf, type ProcTable } from '../platform/process/procTable';
import { runCommand } from '../platform/process/runCommand';
import { explainShellExit } from '../platform/process/shellCommand';
import { sharingLooks } from '../platform/process/sharedLooks';
import { sendSignal } from '../platform/process/signals';
import { spawnBackend } from '../platform/process/spawnBackend';
import { stopRun } from '../platform/process/stopRun';
import { createReadinessProbe } from '../probes/createProbe';
import { PatternWorker } from '../probes/patternWorker';
import { openSocketCount } from '../platform/net/socketCount';
import { BackendFailure } from '../protocol/backendFailure';
import { execRunner } from './execRunner';
import { ListenWatch } from './listenWatch';
import { LossWatch } from './lossWatch';
import { createLogFiles, forgetUnusedLogs } from './logFiles';
import { ownerChecks } from './ownerChecks';
import type { BrokerPorts, FilePort, NetPort, ProcessPort } from './ports';
import { RunGuard } from './runGuard';
import type { Sensors } from './sensors';
import { StartHistory } from './startHistory';

export interface Machine extends Disposable {
  readonly ports: BrokerPorts;
  readonly sensors: Sensors;
  /** Resolves when all that must survive this process is on disk. */
  flush(): Promise<void>;
}

export function machinePorts(
  stateDir: string,
  logDir: string,
  clock: Clock,
  logger: Logger,
  inProcess: boolean,
): Machine {
  const store = new DisposableStore();
  const table = hostProcTable();
  const sockets = createSocketTable(osName(), process.pid, async (argv) => {
    const result = await runCommand(argv, { timeoutMs: 5_000, cwd: '/', env: definedEnvironment(process.env), clock });
    return result.kind === 'exited' ? result.output : '';
  });
  const holders = new PortHolders(sockets, (pid) => {
    const identity = identityOf(pid, table);
    return Promise.resolve(identity && { startTime: identity.startTime, command: table.commandOf(pid) });
  });
  Promise.all([forgetUnusedLogs(logDir, clock), removeUnfinished(stateDir, clock.wallMs())]).catch((error: unknown) =>
    logger.log('warn', `old files: ${errorMessage(error)}`),
  );
  const patterns = store.add(new PatternWorker(clock));
  const history = store.add(new StartHistory(stateDir, clock, logger));
  const guard = store.add(new RunGuard({ stateDir, inProcess, clock, logger, table }));
  const counted = { clock, openCount: openSocketCount };
  const listenWatch = new ListenWatch({ ...counted, ports: (family) => sockets.listeningPortsNow?.(family) });
  const lossWatch = new LossWatch({ ...counted, listeners: () => sockets.readListeners() });
  const ports: BrokerPorts = {
    guard,
    clock,
    logger,
    platform: process.platform,
    ownEnvironment: definedEnvironment(process.env),
    processes: processPort(clock, table),
    net: {
      ...netPort(holders, sockets, table),
      watchForListener: (subject) => listenWatch.add(subject),
      watchForLoss: (subject) => lossWatch.add(subject),
    },
    gateway: {
      openRoute: (port, options, listener) => openRoute(port, clock, options, listener),
    },
    logs: createLogFiles(logDir, clock),
    files,
    history,
    createReadiness: (ready, { port, cwd, env, keep, pids, nearPids, onEvidence, said }) =>
      createReadinessProbe(ready, {
        clock,
        patterns,
        onEvidence,
        ...(said === undefined ? {} : { said }),
        run: execRunner({ cwd, env, keep, clock, guard }),
        ...ownerChecks({ clock, sockets, holders, pids, nearPids }),
        get port() {
          return port();
        },
      }),
  };
  const sensors = { connections: new ConnectionSensor(sockets), cpu: new CpuSensor(cpuTimeReader(osName())) };
  return { ports, sensors, flush: () => history.flush(), dispose: () => store.dispose() };
}

function processPort(clock: Clock, hostTable: ProcTable): ProcessPort {
  // Many are stopped at once when a window closes: each on its own would read the whole table several times.
  const table = sharingLooks(hostTable, clock);
  const scans = new FamilyScans(table, clock);
  return {
    spawn: (spec) => spawnBackend(spec, table),
    stop: (run, options) => stopRun(run, options, clock, table),
    family: (run, keep) => listFamily(run, table, keep),
    pids: (run, notBeforeMs) => scans.pidsOf(run, notBeforeMs),
    nearPids: (run) => nearFamily(run, table),
    groupPlace,
    shellVerdict: (exitCode) => {
      const code = explainShellExit(exitCode)?.code;
      return code === 'commandNotFound' || code === 'notExecutable' ? code : undefined;
    },
    endProcess: (pid, startTime) => {
      const identity = identityOf(pid, table);
      if (identity?.startTime !== startTime) return Promise.resolve(false);
      return Promise.resolve(sendSignal({ kind: 'process', identity }, 'SIGTERM', table) === 'sent');
    },
  };
}

function netPort(
  holders: PortHolders,
  sockets: SocketTable,
  table: ProcTable,
): Omit<NetPort, 'watchForListener' | 'watchForLoss'> {
  const isFree = (port: number): Promise<boolean> => isPortFree(port, sockets);
  return {
    clientOf: async (clientPort, serverPort) => {
      const pid = await sockets.clientPid(clientPort, serverPort);
      return pid === undefined ? undefined : { pid, name: programName(table.commandOf(pid)) };
    },
    isPortFree: isFree,
    findHolder: (port) => holders.findHolder(port),
    listeningPorts: (pids) => holders.listeningPortsOf(pids),
    listeningPlaces: (pids) => holders.listenersOf(pids),
    allocatePort: async (taken) => {
      const port = await allocatePort(isFree, taken, await portRangeOfThisMachine());
      if (port === undefined)
        throw BackendFailure.of(
          'portTaken',
          'No free port was found for "port": "auto".',
          'Name a port in .vscode/backends.json.',
        );
      return port;
    },
  };
}

/** `/usr/bin/curl -s …` → `curl`. */
function programName(command: string): string {
  return path.basename(command.split(' ')[0] ?? '');
}

const files: FilePort = {
  readText: async (file) => {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  realPath: (file) => realpath(file).catch(() => undefined),
  watchName,
};
