/**
 * A host that runs one loud program and keeps its output in a file, in one of three ways: `pump` (ours: a program of its
 * own carries it), `pipe` (it comes through this process), `pty` (through this process, from node-pty).
 * Arguments: way, log file, folder of node-pty or "", then the program. Prints one JSON line when all is written.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createWriteStream, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { definedEnvironment } from '../src/platform/process/environment';
import { spawnBackend } from '../src/platform/process/spawnBackend';
import type { LogHostReport, LogWay } from './support/logHost';

interface Pty {
  onData(listener: (data: string) => void): unknown;
  onExit(listener: () => void): unknown;
}

interface NodePty {
  spawn(file: string, args: readonly string[], options: object): Pty;
}

const [way = '', logFile = '', nodePty = '', ...argv] = process.argv.slice(2);
const env = definedEnvironment(process.env);

const ways: Readonly<Record<LogWay, () => Promise<void>>> = {
  pump: async () => {
    const spawned = await spawnBackend({ command: argv, cwd: '/', env, logFile });
    if (spawned.kind === 'failed') throw new Error(spawned.problem.message);
    await spawned.run.exited;
    // The pump is behind by what was in the pipe.
    while (lastBytes() !== 'end\n') await sleep(5);
  },
  pipe: async () => {
    const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'], env });
    const file = createWriteStream(logFile);
    child.stdout.pipe(file);
    await once(file, 'finish');
  },
  pty: async () => {
    const pty = createRequire(logFile)(nodePty) as NodePty;
    const file = createWriteStream(logFile);
    const child = pty.spawn(argv[0] ?? '', argv.slice(1), { cols: 200, rows: 50, env });
    child.onData((data) => void file.write(data));
    await new Promise<void>((resolve) => child.onExit(resolve));
    // What the terminal still held comes after the exit.
    await sleep(300);
    file.end();
    await once(file, 'finish');
  },
};

function lastBytes(): string {
  const fd = openSync(logFile, 'r');
  try {
    const bytes = Buffer.alloc(4);
    readSync(fd, bytes, 0, 4, Math.max(0, fstatSync(fd).size - 4));
    return bytes.toString('latin1');
  } finally {
    closeSync(fd);
  }
}

async function main(): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const before = { atMs: performance.now(), cpu: process.cpuUsage() };
  await ways[way as LogWay]();
  const cpu = process.cpuUsage(before.cpu);
  const report: LogHostReport = {
    elapsedMs: performance.now() - before.atMs,
    cpuMs: (cpu.user + cpu.system) / 1_000,
    longestWaitMs: delay.max / 1e6,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
}

void main();
