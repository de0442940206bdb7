/** Opens files until there is no descriptor left, tries to start a backend, makes room, tries again; tells both. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../src/base/errors';
import { identityOf, presenceOf } from '../../../src/platform/process/procTable';
import { sendSignal } from '../../../src/platform/process/signals';
import { hostProcTable } from '../../../src/platform/process/hostProcTable';
import { spawnBackend } from '../../../src/platform/process/spawnBackend';
import type { RunSpec } from '../../../src/platform/process/types';

async function main(dir: string): Promise<void> {
  const spec: RunSpec = { command: ['/bin/true'], cwd: dir, env: {}, logFile: join(dir, 'log') };
  const open: number[] = [];
  // The first look makes Node load and open whatever it needs for its own work.
  await spawnBackend({ ...spec, cwd: join(dir, 'missing') });
  openUntilFull(open);
  // Two are left free: enough to look at the file, not enough for the pipes.
  for (const fd of open.splice(0, 2)) closeSync(fd);
  const full = await spawnBackend(spec);
  const table = hostProcTable();
  const us = table.statOf(process.pid);
  const parent = identityOf(process.ppid, table);
  openUntilFull(open);
  const blind = await table.markers(us === undefined ? [] : [us]).then(
    (markers) => `${markers.size} markers`,
    (error: unknown) => errorCode(error),
  );
  const unknown = parent && [
    presenceOf(parent, table),
    sendSignal({ kind: 'process', identity: parent }, 'SIGCONT', table),
  ];
  for (const fd of open) closeSync(fd);
  const after = await spawnBackend(spec);
  if (after.kind === 'spawned') await after.run.exited;
  process.stdout.write(`${JSON.stringify(full.kind === 'failed' ? full.problem : full)}\n`);
  process.stdout.write(`${JSON.stringify({ kind: after.kind })}\n`);
  process.stdout.write(`${JSON.stringify(blind)}\n`);
  process.stdout.write(`${JSON.stringify(unknown)}\n`);
}

function openUntilFull(open: number[]): void {
  try {
    for (;;) open.push(openSync('/dev/null', 'r'));
  } catch {
    // Full.
  }
}

void main(process.argv[2] ?? '');
