import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { buildId } from '../base/buildId';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import { stateDirVariable } from '../ids';
import { ensurePrivateDir } from '../platform/files/privateDir';
import { stateDirectory } from '../platform/files/stateDir';
import { osName } from '../platform/os';
import { recordDirectory, stateDirArgument, type BrokerBundle } from '../protocol/brokerPlaces';
import { BrokerLink, type InProcessBroker, type StartedBroker } from '../protocol/brokerLink';
import { brokerRunsInProcess } from './settings';
import { windowEnvironment } from './windowEnvironment';

/** Where the broker of this user keeps its state, logs included. */
export function userStateDirectory(): string {
  const override = process.env[stateDirVariable];
  return stateDirectory({ os: osName(), home: homedir(), env: process.env, override });
}

/** Connects this window to the broker of the user: where its state is, how it is started, what runs when it cannot be. */
export function createBrokerLink(context: vscode.ExtensionContext, clock: Clock, logger: Logger): BrokerLink {
  const stateDir = userStateDirectory();
  const script = context.asAbsolutePath(path.join('dist', 'broker.js'));
  return new BrokerLink({
    recordDirectory: recordDirectory(stateDir),
    buildId,
    clientName: `${vscode.env.appName} (${vscode.workspace.name ?? 'no folder'})`,
    startBroker: () => startBroker(script, stateDir),
    runInProcess: () => runInProcess(script, stateDir),
    preferInProcess: brokerRunsInProcess,
    logger,
    clock,
  });
}

async function startBroker(script: string, stateDir: string): Promise<StartedBroker> {
  // A window where nothing is started never needs it.
  const { spawnBroker } = await import('../platform/process/spawnBroker');
  await ensurePrivateDir(stateDir);
  const env = { ...windowEnvironment(), [stateDirVariable]: stateDir };
  const start = await spawnBroker({
    script,
    args: [stateDirArgument, stateDir],
    env,
    outputFile: path.join(stateDir, 'broker-output.log'),
  });
  if (start.kind === 'failed') throw new Error(start.problem.message);
  const exited = start.exited.then(({ code, signal }) =>
    signal === undefined ? `exit code ${code}` : `signal ${signal}`,
  );
  return { exited };
}

/** Loaded only when needed: the broker is the larger part of what ships. */
async function runInProcess(script: string, stateDir: string): Promise<InProcessBroker> {
  await ensurePrivateDir(stateDir);
  const broker = createRequire(script)(script) as BrokerBundle;
  return broker.runInProcess(stateDir);
}
