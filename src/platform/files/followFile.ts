import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/lifecycle';
import { DirectoryWatch, type WatchFile } from './directoryWatch';
import { rotatedName } from './rotatedName';

export interface FollowListener {
  /** Raw bytes in order; a character may be split between two chunks. */
  readonly onChunk: (chunk: Buffer) => void;
  /** So many bytes were left out because output came faster than anybody reads. Whoever does not hear this misses nothing. */
  readonly onGap?: (bytes: number) => void;
}

export interface FollowOptions {
  /** Bytes of what is already there to begin with; default 0: only what comes. */
  readonly historyBytes?: number;
  /** Byte of the file to begin at instead, of the one before it when the present one is shorter; what was written after it is not missed. */
  readonly startAt?: number;
  /** Default: what a person can look at, 64 KiB each 100 ms. Whoever must not miss a line asks for more. */
  readonly pace?: FollowPace;
  /** Default: a watch of its own. */
  readonly watchFile?: WatchFile;
  readonly clock: Clock;
}

export interface FollowPace {
  readonly chunkBytes: number;
  readonly periodMs: number;
  /** After a read that brought little (a quarter of a chunk at most) the next may follow so soon; default: `periodMs`. */
  readonly lightPeriodMs?: number;
}

const viewerPace: FollowPace = { chunkBytes: 64 * 1024, periodMs: 100 };
/** What is behind by more than so many chunks (0.8 s of reading for a viewer) is skipped. */
const maxBacklogChunks = 8;
/** Looks where the system has run out of watches. */
const unwatchedPeriodMs = 500;

/**
 * Follows a log over its rotations: at most one chunk each period, woken by the file system, silent while nothing is
 * written. A file that does not exist yet is waited for; its directory must exist.
 */
export function followFile(file: string, listener: FollowListener, options: FollowOptions): Disposable {
  return new FileFollower(file, listener, options);
}

interface OpenFile {
  readonly fd: number;
  readonly inode: number;
}

class FileFollower implements Disposable {
  private readonly store = new DisposableStore();
  private current: OpenFile | undefined;
  private position = 0;
  private timer: Disposable | undefined;
  private watching = false;
  private lastReadMs = Number.NEGATIVE_INFINITY;
  private lastReadBytes = 0;
  private readonly pace: FollowPace;

  constructor(
    private readonly file: string,
    private readonly listener: FollowListener,
    private readonly options: FollowOptions,
  ) {
    this.pace = options.pace ?? viewerPace;
    this.watch();
    this.openAtStart(options);
    this.schedule();
  }

  dispose(): void {
    this.store.dispose();
    this.timer?.dispose();
    this.closeCurrent();
  }

  private watch(): void {
    // The directory, not the file: a watch on a file goes away with it when it is renamed.
    const watchFile = this.options.watchFile ?? new DirectoryWatch(dirname(this.file)).watchFile;
    const watching = watchFile(this.file, {
      changed: () => this.written(),
      lost: () => {
        this.watching = false;
        this.schedule();
      },
    });
    if (watching === undefined) return;
    this.watching = true;
    this.store.add(watching);
  }

  /** Read in the turn that brings the news where the pace allows it: even the shortest timer takes a millisecond. */
  private written(): void {
    if (this.timer || this.store.isDisposed) return;
    if (this.restMs() > 0) this.schedule();
    else this.read();
  }

  private restMs(): number {
    const { chunkBytes, periodMs, lightPeriodMs = periodMs } = this.pace;
    const pauseMs = this.lastReadBytes > chunkBytes / 4 ? periodMs : lightPeriodMs;
    return pauseMs - (this.options.clock.nowMs() - this.lastReadMs);
  }

  private schedule(delayMs = 0): void {
    if (this.timer || this.store.isDisposed) return;
    this.timer = this.options.clock.setTimer(Math.max(delayMs, this.restMs()), () => {
      this.timer = undefined;
      this.read();
    });
  }

  private read(): void {
    this.lastReadMs = this.options.clock.nowMs();
    this.current ??= this.open();
    const behind = this.current ? this.deliver(this.current) : false;
    // Whoever hears a chunk may have heard enough.
    if (this.store.isDisposed) return;
    // Looked at after reading: what was written before the rename has been read by then.
    const rotated = !behind && this.moveOn();
    if (behind || rotated) this.schedule();
    else if (!this.watching) this.schedule(unwatchedPeriodMs);
  }

  /** Hands over one chunk; answers whether more is waiting in this file. */
  private deliver(open: OpenFile): boolean {
    const { size } = fstatSync(open.fd);
    // Somebody emptied the file: begin again.
    if (size < this.position) this.position = 0;
    this.skipBacklog(size);
    const buffer = Buffer.allocUnsafe(Math.min(this.pace.chunkBytes, size - this.position));
    const got = buffer.length === 0 ? 0 : readSync(open.fd, buffer, 0, buffer.length, this.position);
    this.position += got;
    this.lastReadBytes = got;
    if (got > 0) this.listener.onChunk(buffer.subarray(0, got));
    return size > this.position;
  }

  /** After a gap reading goes on at the end, as far as one chunk reaches back. */
  private skipBacklog(size: number): void {
    if (this.listener.onGap === undefined) return;
    const next = this.newerFile();
    const backlog = size - this.position + (next?.size ?? 0);
    if (backlog <= maxBacklogChunks * this.pace.chunkBytes) return;
    const wantedHere = Math.max(0, this.pace.chunkBytes - (next?.size ?? 0));
    const target = Math.max(this.position, size - wantedHere);
    if (target > this.position) this.listener.onGap(target - this.position);
    this.position = target;
  }

  /** Goes over to the file that took the name of the one that was read to its end. */
  private moveOn(): boolean {
    if (!this.newerFile()) return false;
    // The last bytes may have come between the reading and the rename; after it none do.
    const open = this.current;
    if (open && fstatSync(open.fd).size > this.position) return true;
    this.closeCurrent();
    this.current = this.open();
    return this.current !== undefined;
  }

  private newerFile(): { readonly size: number } | undefined {
    try {
      const { ino, size } = statSync(this.file);
      return ino === this.current?.inode ? undefined : { size };
    } catch {
      return undefined;
    }
  }

  private openAtStart({ startAt, historyBytes = 0 }: FollowOptions): void {
    this.current = this.open();
    if (!this.current) return;
    const { size } = fstatSync(this.current.fd);
    if (startAt !== undefined && startAt > size) this.openRotated(startAt);
    else this.position = startAt ?? Math.max(0, size - historyBytes);
  }

  /** The byte to begin at went away with a rotation, or with somebody who emptied the file. */
  private openRotated(startAt: number): void {
    const rotated = this.open(rotatedName(this.file));
    if (!rotated) return;
    this.closeCurrent();
    this.current = rotated;
    this.position = Math.min(startAt, fstatSync(rotated.fd).size);
  }

  private open(file = this.file): OpenFile | undefined {
    try {
      const fd = openSync(file, 'r');
      this.position = 0;
      return { fd, inode: fstatSync(fd).ino };
    } catch {
      return undefined;
    }
  }

  private closeCurrent(): void {
    if (this.current) closeSync(this.current.fd);
    this.current = undefined;
  }
}
