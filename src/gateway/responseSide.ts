/** Follows the answers of a backend on one connection; their bytes have been passed on already. */
import { BodyScanner, endOfHead } from './httpFraming';
import { parseResponseHead, type ResponseHead } from './httpHead';
import { maxResponseHeadBytes } from './limits';

export interface ResponseSink {
  /** The request that is answered next; undefined: none, the backend speaks unasked. */
  answered(): { readonly method: string; readonly switches: boolean } | undefined;
  /** The final head of an answer. */
  head(head: ResponseHead): void;
  done(head: ResponseHead): void;
  /** From now on it is another protocol: the client's wish was granted, or this never was HTTP. */
  switched(): void;
}

export class ResponseSide {
  private readonly body = new BodyScanner();
  private kept: Buffer | undefined;
  private current: ResponseHead | undefined;
  private isOver = false;

  constructor(private readonly sink: ResponseSink) {}

  /** The answer in progress ends with its connection. */
  get endsWithConnection(): boolean {
    return this.body.endsWithConnection;
  }

  /** Bytes of an answer came, and more are to come. */
  get hasBegun(): boolean {
    return this.kept !== undefined || this.current !== undefined;
  }

  /** Starts anew with another connection. */
  reset(): void {
    this.kept = undefined;
    this.current = undefined;
    this.body.start({ kind: 'none' });
  }

  feed(bytes: Buffer): void {
    const all = this.kept === undefined ? bytes : Buffer.concat([this.kept, bytes]);
    this.kept = undefined;
    let at = 0;
    while (at < all.length && !this.isOver) {
      const next = this.current === undefined ? this.takeHead(all, at) : this.takeBody(all, at);
      if (next < 0) {
        this.kept = all.subarray(at);
        return;
      }
      at = next;
    }
  }

  private takeBody(bytes: Buffer, at: number): number {
    const next = this.body.consume(bytes, at);
    if (this.body.broken) this.over();
    else if (this.body.done) this.finish();
    return next;
  }

  private takeHead(bytes: Buffer, at: number): number {
    const request = this.sink.answered();
    if (request === undefined) return bytes.length;
    const end = endOfHead(bytes, at);
    if (end < 0 && bytes.length - at <= maxResponseHeadBytes) return -1;
    const head = end < 0 ? undefined : parseResponseHead(bytes.toString('latin1', at, end), request);
    if (head === undefined || this.grants(head, request)) {
      this.over();
      return bytes.length;
    }
    // An interim answer (100, 103): the final one follows.
    if (head.status < 200) return end;
    this.current = head;
    this.body.start(head.framing);
    this.sink.head(head);
    if (this.body.done) this.finish();
    return end;
  }

  private grants(head: ResponseHead, request: { readonly method: string; readonly switches: boolean }): boolean {
    if (!request.switches) return false;
    return head.status === 101 || (request.method === 'CONNECT' && head.status >= 200 && head.status < 300);
  }

  private finish(): void {
    const head = this.current;
    this.current = undefined;
    if (head !== undefined) this.sink.done(head);
  }

  private over(): void {
    this.isOver = true;
    this.sink.switched();
  }
}
