import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode } from '../../base/errors';
import { maskSecrets } from './maskSecrets';
import { parseProcStat } from './procStat';
import type { MachineIdentity, ProcTable, SignalTaking } from './procTable';
import { markerIn } from './runMarker';
import type { ProcessStat } from './types';

/** A read of /proc takes some 15 µs and cannot wait; this many are done before others get their turn. */
const readsPerTurn = 64;
const firstBuffer = 16 * 1024;
/** The kernel's own ceiling for arguments and environment together is near this. */
const maxRead = 4 * 1024 * 1024;
/** What we lack, rather than what the process does. */
const shortages: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** The process table of Linux, read from /proc. */
export class LinuxProcTable implements ProcTable {
  private known: MachineIdentity | undefined;
  private readonly reading = new ReadBuffer();

  constructor(private readonly root = '/proc') {}

  machine(): MachineIdentity | undefined {
    return (this.known ??= this.readMachine());
  }

  statOf(pid: number): ProcessStat | undefined {
    const text = this.readOrThrow(`${pid}/stat`, 4096)?.toString('latin1');
    return text === undefined ? undefined : parseProcStat(text);
  }

  commandOf(pid: number): string {
    return maskSecrets(asText(this.read(`${pid}/cmdline`, firstBuffer)));
  }

  wholeCommandOf(pid: number): string {
    return asText(this.readOrThrow(`${pid}/cmdline`, firstBuffer));
  }

  takes(pid: number, signal: string): SignalTaking | undefined {
    const status = this.read(`${pid}/status`, 16 * 1024)?.toString('latin1') ?? '';
    const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(status)?.[1];
    const number = (constants.signals as Readonly<Record<string, number>>)[signal];
    if (caught === undefined || number === undefined) return undefined;
    return { catches: ((BigInt(`0x${caught}`) >> BigInt(number - 1)) & 1n) === 1n, program: this.programOf(pid) };
  }

  async stats(): Promise<readonly ProcessStat[]> {
    const stats: ProcessStat[] = [];
    await inTurns(this.pids(), (pid) => {
      const text = this.readOrThrow(`${pid}/stat`, 4096)?.toString('latin1');
      const stat = text === undefined ? undefined : parseProcStat(text);
      if (stat) stats.push(stat);
    });
    return stats;
  }

  async markers(stats: readonly ProcessStat[]): Promise<ReadonlyMap<number, string>> {
    const markers = new Map<number, string>();
    // Kernel threads are in group 0 and have no environment. Those of other users answer EACCES, except to root,
    // whose backends may well drop to another user.
    const candidates = stats.filter((stat) => stat.groupId > 0);
    await inTurns(candidates, ({ pid }) => {
      const environ = this.readOrThrow(`${pid}/environ`, maxRead);
      const marker = environ && markerIn(environ);
      if (marker !== undefined) markers.set(pid, marker);
    });
    return markers;
  }

  private pids(): number[] {
    return readdirSync(this.root)
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid > 0);
  }

  private programOf(pid: number): string {
    try {
      return basename(readlinkSync(`${this.root}/${pid}/exe`));
    } catch {
      return '';
    }
  }

  private readMachine(): MachineIdentity | undefined {
    const bootId = this.read('sys/kernel/random/boot_id', 64)?.toString('latin1').trim();
    if (bootId === undefined || bootId === '') return undefined;
    try {
      return { bootId, pidNamespace: readlinkSync(`${this.root}/self/ns/pid`) };
    } catch {
      return undefined;
    }
  }

  /** Undefined when it cannot be read, for whatever reason. */
  private read(name: string, limit: number): Buffer | undefined {
    try {
      return this.readOrThrow(name, limit);
    } catch {
      return undefined;
    }
  }

  /**
   * Undefined when the process is gone or belongs to somebody else. Throws when we have no means to look: that must
   * not be taken for gone. What it answers is true until the next read.
   */
  private readOrThrow(name: string, limit: number): Buffer | undefined {
    let fd: number | undefined;
    try {
      fd = openSync(`${this.root}/${name}`, 'r');
      return this.reading.readToEnd(fd, limit);
    } catch (error) {
      if (shortages.has(errorCode(error) ?? '')) throw error;
      return undefined;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }
}

/**
 * One buffer for all reads: a look at the table reads hundreds of files, and as many fresh buffers cost more than
 * the reads, and tens of megabytes until they are collected.
 */
class ReadBuffer {
  private readonly usual = Buffer.allocUnsafeSlow(firstBuffer);

  readToEnd(fd: number, limit: number): Buffer {
    let buffer = this.usual;
    let used = 0;
    for (;;) {
      const got = readSync(fd, buffer, used, Math.min(buffer.length, limit) - used, null);
      used += got;
      if (got === 0 || used >= limit) return buffer.subarray(0, used);
      if (used === buffer.length) {
        const larger = Buffer.allocUnsafe(Math.min(buffer.length * 4, limit));
        buffer.copy(larger, 0, 0, used);
        buffer = larger;
      }
    }
  }
}

function asText(commandLine: Buffer | undefined): string {
  return (commandLine?.toString('utf8') ?? '').replaceAll('\0', ' ').trim();
}

async function inTurns<T>(items: readonly T[], visit: (item: T) => void): Promise<void> {
  for (let start = 0; start < items.length; start += readsPerTurn) {
    if (start > 0) await nextTurn();
    for (const item of items.slice(start, start + readsPerTurn)) visit(item);
  }
}
