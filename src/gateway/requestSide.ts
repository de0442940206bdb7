/** Follows the requests that a client sends on one connection, and hands their bytes on unchanged. */
import { BodyScanner, endOfHead } from './httpFraming';
import { parseRequestHead, type RequestHead } from './httpHead';
import { maxRequestHeadBytes } from './limits';

/** `pass`: the request goes to the backend. `wait`: its bytes are kept. `drop`: it was answered here and is forgotten. */
export type Decision = 'pass' | 'wait' | 'drop';

export interface RequestSink {
  decide(head: RequestHead): Decision;
  /** Either the rest of a body, or all that came of the requests which were decided since the last call. */
  forward(bytes: Buffer): void;
  /** What came is no request, or longer than one may be; nothing more is read. */
  refuse(status: 400 | 431): void;
}

export class RequestSide {
  private readonly body = new BodyScanner();
  private kept: Buffer | undefined;
  private ended = false;

  constructor(private readonly sink: RequestSink) {}

  get keptBytes(): number {
    return this.kept?.length ?? 0;
  }

  /** No request is being received; the beginning of a head may be kept. */
  get betweenRequests(): boolean {
    return this.body.done;
  }

  feed(bytes: Buffer): void {
    const all = this.kept === undefined ? bytes : Buffer.concat([this.kept, bytes]);
    this.kept = undefined;
    this.scan(all);
  }

  /** Goes on with what was kept. */
  resume(): void {
    const kept = this.kept;
    this.kept = undefined;
    if (kept !== undefined) this.scan(kept);
  }

  /** Requests that were handed on and reached nobody: decided anew, with all that came after them. */
  restart(bytes: Buffer): void {
    this.body.start({ kind: 'none' });
    const kept = this.takeKept();
    this.scan(kept === undefined ? bytes : Buffer.concat([bytes, kept]));
  }

  /** What was kept, when it is no longer HTTP that comes. */
  takeKept(): Buffer | undefined {
    const kept = this.kept;
    this.kept = undefined;
    return kept;
  }

  /** Nothing that still comes on this connection is a request any more. */
  stop(): void {
    this.ended = true;
    this.kept = undefined;
  }

  /** Keeps without looking. */
  keep(bytes: Buffer): void {
    this.kept = this.kept === undefined ? bytes : Buffer.concat([this.kept, bytes]);
  }

  private scan(bytes: Buffer): void {
    let at = this.body.done ? 0 : this.scanRest(bytes);
    let sendFrom = at;
    while (at < bytes.length && !this.ended) {
      if (!this.body.done) {
        at = this.body.consume(bytes, at);
        if (this.body.broken) this.refuse(400);
        continue;
      }
      const begin = afterEmptyLines(bytes, at);
      if (begin > at) {
        this.send(bytes, sendFrom, at);
        sendFrom = at = begin;
        continue;
      }
      const end = endOfHead(bytes, at);
      if (end < 0) {
        if (bytes.length - at > maxRequestHeadBytes) this.refuseHead(431, bytes.subarray(sendFrom, at));
        break;
      }
      const head = parseRequestHead(bytes.toString('latin1', at, end));
      if (head === undefined) {
        this.refuseHead(400, bytes.subarray(sendFrom, at));
        break;
      }
      const decision = this.sink.decide(head);
      if (decision === 'wait') break;
      if (decision === 'drop') {
        this.send(bytes, sendFrom, at);
        sendFrom = end;
      }
      this.body.start(decision === 'drop' ? { kind: 'none' } : head.framing);
      at = end;
    }
    this.send(bytes, sendFrom, at);
    if (at < bytes.length && !this.ended) this.keep(bytes.subarray(at));
  }

  /** Of a body that began in earlier bytes: apart from the requests that follow, which may take another way. */
  private scanRest(bytes: Buffer): number {
    const end = this.body.consume(bytes, 0);
    if (this.body.broken) this.refuse(400);
    this.send(bytes, 0, end);
    return end;
  }

  private send(bytes: Buffer, from: number, to: number): void {
    if (this.ended || from >= to) return;
    this.sink.forward(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
  }

  /** The requests before it are as good as any. */
  private refuseHead(status: 400 | 431, before: Buffer): void {
    this.send(before, 0, before.length);
    this.refuse(status);
  }

  private refuse(status: 400 | 431): void {
    this.ended = true;
    this.sink.refuse(status);
  }
}

/** Some clients send an empty line after a body; nobody needs it. */
function afterEmptyLines(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 13 || bytes[at] === 10) at++;
  return at;
}
