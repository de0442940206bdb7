/** The broker's entry: a process of its own, or, where none can be started, the same inside a window's extension host. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { buildId } from '../base/buildId';
import { errorMessage } from '../base/errors';
import { ensurePrivateDir } from '../platform/files/privateDir';
import { createSystemClock } from '../platform/systemClock';
import { logDirectory, stateDirArgument, type BrokerBundle } from '../protocol/brokerPlaces';
import { BrokerHost } from './brokerHost';
import { BrokerLog } from './brokerLog';
import { Door } from './door';
import { listenAsBroker } from './listen';
import { machinePorts } from './machinePorts';
import { streamPair } from './streamPair';

interface Assembled {
  readonly host: BrokerHost;
  readonly log: BrokerLog;
  readonly flush: () => Promise<void>;
  readonly dispose: () => void;
}

async function assemble(
  stateDir: string,
  token: string,
  inProcess: boolean,
  onDone: (reason: string) => void,
): Promise<Assembled> {
  await ensurePrivateDir(stateDir);
  const logDir = logDirectory(stateDir);
  await ensurePrivateDir(logDir);
  const clock = createSystemClock();
  const log = new BrokerLog(stateDir, clock);
  const machine = machinePorts(stateDir, logDir, clock, log, inProcess);
  const host = new BrokerHost(machine.ports, machine.sensors, { token, buildId, inProcess }, onDone);
  log.passOnTo((level, message) => host.broadcastLog(level, message));
  return {
    host,
    log,
    flush: () => machine.flush(),
    dispose: () => {
      host.dispose();
      machine.dispose();
    },
  };
}

export const runInProcess: BrokerBundle['runInProcess'] = async (stateDir) => {
  const token = randomBytes(32).toString('hex');
  const { host, flush, dispose } = await assemble(stateDir, token, true, () => {});
  await host.supervisor.takeOver();
  const [ours, theirs] = streamPair();
  host.accept(ours);
  // Nothing survives the process it lives in: what it started ends before the process does.
  const end = async (): Promise<void> => {
    await host.end('the window was closed');
    await flush();
    dispose();
  };
  return { stream: theirs, token, end };
};

async function main(stateDir: string): Promise<void> {
  const token = randomBytes(32).toString('hex');
  let finish: (reason: string) => void = () => {};
  const done = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const { host, log, flush, dispose } = await assemble(stateDir, token, false, finish);
  const door = new Door<Duplex>((socket) => host.accept(socket));
  const listening = await listenAsBroker(stateDir, { token, buildId }, (socket) => door.arrive(socket));
  if (listening === undefined) {
    dispose();
    return;
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => void host.end(`the broker received ${signal}`));
  }
  // A mistake of ours in one place must not take down what is managed in all others.
  process.on('uncaughtException', (error) => log.log('error', `unexpected: ${error.stack ?? error.message}`));
  process.on('unhandledRejection', (error) => log.log('error', `unexpected rejection: ${errorMessage(error)}`));
  // Only the one broker may take over, and nobody must see the backends before it has.
  await host.supervisor.takeOver();
  door.open();
  log.log('info', `the broker is ready: pid ${process.pid}, build ${buildId}`);
  await done;
  await listening.close();
  await flush();
  dispose();
}

function stateDirFrom(argv: readonly string[]): string | undefined {
  const at = argv.indexOf(stateDirArgument);
  return at === -1 ? undefined : argv[at + 1];
}

const stateDir = require.main === module ? stateDirFrom(process.argv) : undefined;
if (stateDir !== undefined) {
  main(stateDir).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${errorMessage(error)}\n`);
      process.exit(1);
    },
  );
}
