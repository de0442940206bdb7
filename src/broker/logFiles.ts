import { closeSync, fstatSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Clock } from '../base/clock';
import { followFile } from '../platform/files/followFile';
import { openAppend } from '../platform/files/openAppend';
import { readLastLines } from '../platform/files/readLastLines';
import { stripAnsi } from '../platform/files/stripAnsi';
import { logFileOf } from '../protocol/brokerPlaces';
import type { LogPort } from './ports';

/** The log files of all backends: one private file each, named by a hash, so that no name can lead elsewhere. */
export function createLogFiles(directory: string, clock: Clock): LogPort {
  return {
    fileFor: (key) => logFileOf(directory, key),
    // A log that cannot be written is told by the spawn; it must not keep a stop from being finished.
    appendMark: async (file, text) => {
      try {
        return appendMark(file, text, clock);
      } catch {
        return 0;
      }
    },
    lastLines: async (file, count) => (await readLastLines(file, count)).map(stripAnsi).filter((line) => !isMark(line)),
    follow: (file, offset, onChunk) => followFile(file, { onChunk }, { startAt: offset, clock, pace: readinessPace }),
    lastWriteMs: (file) =>
      stat(file).then(
        (found) => found.mtimeMs,
        () => undefined,
      ),
  };
}

/** Nothing may be skipped while a line is waited for that says "ready". */
const readinessPace = { chunkBytes: 1024 * 1024, periodMs: 20, lightPeriodMs: 2 };
const markStart = '─── ';

/** Lines of our own between runs; they are no output of the backend. */
function isMark(line: string): boolean {
  return line.startsWith(markStart);
}

function appendMark(file: string, text: string, clock: Clock): number {
  const fd = openAppend(file);
  try {
    const at = new Date(clock.wallMs()).toLocaleString();
    writeSync(fd, `\u001b[2m${markStart}${at} ${text} ───\u001b[0m\n`);
    return fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
}
