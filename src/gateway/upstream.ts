/** The side of a connection that leads to the process: made when needed, dropped when idle, made again. */
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import { maxUnsentBytes } from './limits';
import { dial, type DialTarget } from './upstreamDial';

/**
 * A server closes a connection on which nothing happens after a while, at the earliest after two seconds among those in wide use. A request
 * that arrives in that very moment is lost, and nobody can tell whether it was read.
 */
const trustedQuietMs = 1_000;

export interface UpstreamListener {
  /** False: the client is slow, nothing more is read until `resume`. */
  data(bytes: Buffer): boolean;
  /** The process was reached, or could not be. */
  settled(): void;
  /** It sends nothing more. */
  ended(): void;
  /** Lost without our doing; `why` is empty when it was closed in order. */
  gone(why: string): void;
  /** `isFull` changed. */
  flow(): void;
}

export class Upstream {
  private socket: Socket | undefined;
  private dialling: Disposable | undefined;
  private unsent: Buffer[] = [];
  private unsentBytes = 0;
  private full = false;
  private endWanted = false;
  private servedAny = false;
  /** Since when nothing was asked or answered on it. */
  private quietSinceMs = 0;

  constructor(
    private readonly dialler: { readonly clock: Clock; readonly target: DialTarget | undefined },
    private readonly listener: UpstreamListener,
  ) {}

  get isDialling(): boolean {
    return this.dialling !== undefined;
  }

  get isWanted(): boolean {
    return this.socket !== undefined || this.dialling !== undefined;
  }

  get isFull(): boolean {
    return this.full;
  }

  /** It has been there for a while: it may have been closed in this very moment. */
  get isReused(): boolean {
    return this.socket !== undefined && (this.servedAny || this.isLongQuiet);
  }

  /** For a request that must not be sent twice: another connection takes the place of one that may be about to end. */
  renew(): void {
    if (this.socket !== undefined && this.isLongQuiet) this.detach();
  }

  served(): void {
    this.servedAny = true;
    this.quietSinceMs = this.dialler.clock.nowMs();
  }

  private get isLongQuiet(): boolean {
    return this.dialler.clock.nowMs() - this.quietSinceMs >= trustedQuietMs;
  }

  need(): void {
    const { target, clock } = this.dialler;
    if (this.isWanted || target === undefined) return;
    this.servedAny = false;
    this.dialling = dial(target, clock, {
      connected: (socket) => this.connected(socket),
      failed: (why) => {
        this.dialling = undefined;
        this.forgetUnsent();
        this.listener.gone(`it does not accept connections (${why})`);
        this.listener.settled();
      },
    });
  }

  send(bytes: Buffer): void {
    if (this.socket !== undefined) {
      if (!this.socket.write(bytes)) this.setFull(true);
      return;
    }
    this.unsent.push(bytes);
    this.unsentBytes += bytes.length;
    this.need();
    if (this.unsentBytes > maxUnsentBytes) this.setFull(true);
  }

  /** The client sends nothing more. */
  end(): void {
    if (this.socket !== undefined) this.socket.end();
    else this.endWanted = true;
  }

  resume(): void {
    this.socket?.resume();
  }

  /** Lets go of it; nobody is told. */
  detach(): void {
    const socket = this.socket;
    this.socket = undefined;
    this.dialling?.dispose();
    this.dialling = undefined;
    this.servedAny = false;
    this.forgetUnsent();
    socket?.destroy();
  }

  /** Gives up to reach it; answers what was meant for it. */
  giveUp(): Buffer {
    const unsent = Buffer.concat(this.unsent);
    this.detach();
    return unsent;
  }

  /** Lets go of it as of one that was lost. */
  lose(why: string): void {
    if (this.socket === undefined) return;
    this.detach();
    this.listener.gone(why);
  }

  private connected(socket: Socket): void {
    this.dialling = undefined;
    this.socket = socket;
    this.quietSinceMs = this.dialler.clock.nowMs();
    let trouble = '';
    socket.on('data', (bytes: Buffer) => {
      if (this.socket === socket && !this.listener.data(bytes)) socket.pause();
    });
    socket.on('drain', () => this.socket === socket && this.setFull(false));
    socket.on('end', () => this.socket === socket && this.listener.ended());
    socket.on('error', (error) => (trouble = error.message));
    socket.on('close', () => {
      if (this.socket !== socket) return;
      this.detach();
      this.listener.gone(trouble);
    });
    this.flush(socket);
    this.listener.settled();
  }

  private flush(socket: Socket): void {
    const { unsent, endWanted } = this;
    this.unsent = [];
    this.unsentBytes = 0;
    this.endWanted = false;
    let flows = true;
    for (const bytes of unsent) flows = socket.write(bytes);
    this.setFull(!flows);
    if (endWanted) socket.end();
  }

  private forgetUnsent(): void {
    this.unsent = [];
    this.unsentBytes = 0;
    this.endWanted = false;
    this.full = false;
  }

  private setFull(full: boolean): void {
    if (this.full === full) return;
    this.full = full;
    this.listener.flow();
  }
}
