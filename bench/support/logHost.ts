import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../../test/support/repositoryRoot';

export type LogWay = 'pump' | 'pipe' | 'pty';

export interface LogHostReport {
  readonly elapsedMs: number;
  /** Of the host itself. */
  readonly cpuMs: number;
  /** The longest time in which the host's event loop did nothing else. */
  readonly longestWaitMs: number;
}

interface LogRun {
  readonly way: LogWay;
  readonly logFile: string;
  /** Folder of node-pty. */
  readonly nodePty: string;
  readonly lines: number;
}

const script = join(repositoryRoot, 'out', 'bench', 'logHostMain.js');
const printer = join(repositoryRoot, 'test', 'fixtures', 'programs', 'printsForever.mjs');

function start({ way, logFile, nodePty, lines }: LogRun): ReturnType<typeof spawn> {
  const program = ['/bin/sh', '-c', `"$0" "$1" ${lines}; echo end`, process.execPath, printer];
  const args = [script, way, logFile, nodePty, ...program];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Lets a host run to its end. */
export async function reportOf(run: LogRun): Promise<LogHostReport> {
  const host = start(run);
  let printed = '';
  host.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await once(host, 'close');
  return JSON.parse(printed) as LogHostReport;
}

/** Kills the host while its program prints; answers how many of the lines the log holds when nothing comes any more. */
export async function linesKeptAfterKill(run: LogRun): Promise<number> {
  const host = start(run);
  while (!existsSync(run.logFile) || statSync(run.logFile).size < 1_000_000) await sleep(1);
  host.kill('SIGKILL');
  await once(host, 'close');
  let size = -1;
  for (let now = statSync(run.logFile).size; now !== size; now = statSync(run.logFile).size) {
    size = now;
    await sleep(700);
  }
  return linesIn(run.logFile);
}

/** Numbered lines of the log, the older file included. */
export function linesIn(logFile: string): number {
  const files = [`${logFile}.1`, logFile].filter((file) => existsSync(file));
  const numbers = files.flatMap((file) =>
    [...readFileSync(file, 'latin1').matchAll(/^line (\d{10}) /gm)].map(([, n]) => Number(n)),
  );
  return new Set(numbers).size;
}

/** The one that the provisioned VS Code server brings; undefined where there is none. */
export function findNodePty(): string | undefined {
  const cache = join(repositoryRoot, '.vscode-test');
  const servers = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('server-')) : [];
  const inside = ['node_modules', 'code-server', 'lib', 'vscode', 'node_modules', 'node-pty'];
  return servers.map((server) => join(cache, server, ...inside)).find((folder) => existsSync(folder));
}
