import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock';
import { localDateTime } from '../model/localTime';
import { isRunMark, runMark } from '../model/runMark';
import { DirectoryWatch } from '../platform/files/directoryWatch';
import { followFile } from '../platform/files/followFile';
import { openAppend } from '../platform/files/openAppend';
import { readLastLines } from '../platform/files/readLastLines';
import { sizeOf } from '../platform/files/sizeOf';
import { stripAnsi } from '../platform/files/stripAnsi';
import { logFileOf } from '../protocol/brokerPlaces';
import type { LogPort } from './ports';

/** The log files of all backends: one private file each, named so that no name can lead elsewhere. */
export function createLogFiles(directory: string, clock: Clock): LogPort {
  const { watchFile } = new DirectoryWatch(directory);
  return {
    fileFor: (key) => logFileOf(directory, key),
    appendHeader: (file, text) => Promise.resolve(appendMark(file, text, clock) ?? sizeOf(file)),
    appendFooter: async (file, text) => {
      await settled(file, clock);
      appendMark(file, text, clock);
    },
    lastLines: async (file, count) =>
      (await readLastLines(file, count)).map(stripAnsi).filter((line) => !isRunMark(line)),
    follow: (file, offset, onChunk) =>
      followFile(file, { onChunk }, { startAt: offset, clock, pace: readinessPace, watchFile }),
    lastWriteMs: (file) =>
      stat(file).then(
        (found) => found.mtimeMs,
        () => undefined,
      ),
  };
}

/** Of folders that are gone, and of names that no file has any more: nobody would ever ask for them again. */
const unusedKeptMs = 90 * 24 * 60 * 60 * 1000;

/** Removes the logs that nothing was written to for 90 days. */
export async function forgetUnusedLogs(directory: string, clock: Clock): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    // Another broker may be at the same.
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() === true && clock.wallMs() - found.mtimeMs > unusedKeptMs) await rm(file, { force: true });
  }
}

/** Nothing may be skipped while a line is waited for that says "ready". */
const readinessPace = { chunkBytes: 1024 * 1024, periodMs: 20, lightPeriodMs: 2 };
const settleLookMs = 10;
const settleLooks = 10;

/** The pump writes the last output a moment after the exit: two looks that agree are waited for. */
async function settled(file: string, clock: Clock): Promise<void> {
  let size = await sizeOf(file);
  for (let look = 0; look < settleLooks; look++) {
    await new Promise<void>((resolve) => clock.setTimer(settleLookMs, resolve));
    const before = size;
    size = await sizeOf(file);
    if (size === before) return;
  }
}

/** A log that cannot be written is told by the spawn; it must not keep a stop from being finished. */
function appendMark(file: string, text: string, clock: Clock): number | undefined {
  let fd: number | undefined;
  try {
    fd = openAppend(file);
    writeSync(fd, (endsInLine(file) ? '\n' : '') + runMark(localDateTime(clock.wallMs()), text));
    return fstatSync(fd).size;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The backend ended without a line end: the mark gets a line of its own all the same. */
function endsInLine(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 10;
  } finally {
    closeSync(fd);
  }
}
