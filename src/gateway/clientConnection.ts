/**
 * One client of a public port, and its way to the process behind. HTTP/1.1 is followed, so that it is known
 * what is in flight; bytes are passed on as they are. Anything else is passed on without understanding.
 */
import type { Socket } from 'node:net';
import type { Disposable } from '../base/lifecycle';
import { jsonAnswer, type Answer } from './answers';
import type { ConnectionHost, HostedConnection, Lease, Reply, Verdict } from './connectionHost';
import { requestWords, type RequestHead, type ResponseHead } from './httpHead';
import { RequestSide, type Decision } from './requestSide';
import { ResponseSide } from './responseSide';
import { linger } from './linger';
import { RawUse } from './rawUse';
import { maxHeadBytes, sniff } from './sniff';
import { Upstream } from './upstream';

interface InFlight {
  readonly head: RequestHead;
  readonly method: string;
  readonly switches: boolean;
  lease: Lease | undefined;
  /** Bytes of its answer went to the client. */
  answered: boolean;
  /** The whole request, while it could be sent once more without harm. */
  again: Buffer | undefined;
}

type Mode = 'sniff' | 'http' | 'raw' | 'tunnel';

const headDeadlineMs = 60_000;
const maxPipelined = 64;
const webSocketGoingAway = Buffer.from([0x88, 0x02, 0x03, 0xf4]);

export class ClientConnection implements HostedConnection {
  private mode: Mode = 'sniff';
  private readonly upstream: Upstream;
  private readonly inFlight: InFlight[] = [];
  private readonly requests = new RequestSide({
    decide: (head) => this.decide(head),
    forward: (bytes) => this.forward(bytes),
    refuse: (status) => this.finish(jsonAnswer({ status, error: 'This is no request of HTTP/1.1.' }, undefined, true)),
  });
  private readonly responses = new ResponseSide({
    answered: () => this.inFlight[0],
    head: (head) => this.answerBegins(head),
    done: (head) => this.answerEnds(head),
    switched: () => this.switched(),
  });
  private early: Buffer | undefined;
  /** Of a tunnel. */
  private lease: Lease | undefined;
  private readonly raw: RawUse;
  private held: { readonly head?: RequestHead } | undefined;
  private reply: Reply | undefined;
  private onSettled: (() => void) | undefined;
  private headTimer: Disposable | undefined;
  private isWebSocket = false;
  private flowStopped = false;
  private clientEnded = false;
  private closing = false;

  constructor(
    private readonly client: Socket,
    private readonly host: ConnectionHost,
  ) {
    this.raw = new RawUse(host);
    this.upstream = new Upstream(host, {
      data: (bytes) => this.fromUpstream(bytes),
      settled: () => this.settled(),
      ended: () => this.upstreamEnded(),
      gone: (why) => this.upstreamGone(why),
      flow: () => this.updateFlow(),
    });
    client.on('data', (bytes: Buffer) => this.fromClient(bytes));
    client.on('drain', () => this.upstream.resume());
    client.on('end', () => this.endedByClient());
    client.on('error', () => {});
    client.on('close', () => this.dispose());
  }

  /** Called once, after the host knows the connection. */
  begin(): void {
    if (this.host.isOpen) this.upstream.need();
    else if (this.host.wakesOnConnect && this.host.judgeRaw() === 'hold') this.hold('a TCP connection');
  }

  get remote(): { readonly address: string; readonly port: number } {
    return { address: this.client.remoteAddress ?? '', port: this.client.remotePort ?? 0 };
  }

  release(onSettled: () => void): void {
    this.held = undefined;
    this.onSettled = onSettled;
    this.goOn();
    if (!this.upstream.isDialling) this.settled();
  }

  answerHeld(reply: Reply): void {
    if (this.held === undefined) return;
    this.held = undefined;
    if (this.mode !== 'http') this.client.resetAndDestroy();
    else {
      this.reply = reply;
      this.goOn();
    }
  }

  park(): void {
    const idle = this.mode === 'sniff' || (this.mode === 'http' && this.isIdle);
    const letThrough = this.mode === 'sniff' && this.onSettled !== undefined && this.host.wakesOnConnect;
    if (!idle || (letThrough && this.host.isOpen)) return;
    this.upstream.detach();
    this.settled();
    // The process went before this one reached it: it waits as before.
    if (letThrough && this.host.judgeRaw() === 'hold') this.hold('a TCP connection');
  }

  cutOff(unavailable: Answer): void {
    if (!this.upstream.isWanted || this.inFlight.some((one) => one.lease !== undefined)) return;
    if (this.mode === 'http') {
      if (this.inFlight[0]?.answered === false) this.finish(jsonAnswer(unavailable, this.inFlight[0].head, true));
      return;
    }
    if (this.isWebSocket) this.client.write(webSocketGoingAway);
    this.upstream.detach();
    this.finish(undefined);
  }

  close(): void {
    if (this.inFlight.length === 0 && this.mode !== 'tunnel' && this.mode !== 'raw') this.finish(undefined);
    else if (!this.upstream.isWanted) this.finish(undefined);
  }

  private get isIdle(): boolean {
    return this.inFlight.length === 0 && this.requests.betweenRequests;
  }

  private fromClient(bytes: Buffer): void {
    if (this.closing) return;
    if (this.mode === 'http') {
      if (this.held === undefined) this.requests.feed(bytes);
      else this.requests.keep(bytes);
      if (this.requests.keptBytes > 0) this.somethingKept();
    } else if (this.mode === 'tunnel') this.upstream.send(bytes);
    else if (this.mode === 'raw') this.takeRaw(bytes);
    else this.takeFirst(bytes);
  }

  private takeFirst(bytes: Buffer): void {
    const all = this.early === undefined ? bytes : Buffer.concat([this.early, bytes]);
    this.early = undefined;
    const kind = sniff(all);
    if (kind === 'undecided') {
      this.early = all;
      this.somethingKept();
      return;
    }
    this.mode = kind;
    if (kind === 'raw') this.takeRaw(all);
    else this.fromClient(all);
  }

  private takeRaw(bytes: Buffer): void {
    if (this.held !== undefined) {
      this.requests.keep(bytes);
      this.somethingKept();
      return;
    }
    const verdict = this.upstream.isWanted ? 'pass' : this.host.judgeRaw();
    if (verdict === 'reset') {
      this.client.resetAndDestroy();
      return;
    }
    if (verdict === 'hold') {
      this.requests.keep(bytes);
      this.hold('a TCP connection');
      return;
    }
    this.raw.asked();
    this.upstream.send(bytes);
  }

  private decide(head: RequestHead): Decision {
    this.clearHeadTimer();
    const waits = this.inFlight.length > 0 && (this.inFlight.some((one) => one.switches) || this.isFull);
    if (waits) return 'wait';
    const verdict: Verdict =
      this.reply === undefined ? this.host.judge(head) : { kind: 'answer', reply: this.takeReply(this.reply) };
    if (verdict.kind === 'pass') {
      const { method, switches } = head;
      const lease = verdict.counts ? this.host.begin('http', requestWords(head)) : undefined;
      this.inFlight.push({ head, method, switches, lease, answered: false, again: undefined });
      return 'pass';
    }
    // An answer of ours must not overtake one of the backend.
    if (this.inFlight.length > 0) return 'wait';
    if (verdict.kind === 'hold') {
      this.hold(requestWords(head), head);
      return 'wait';
    }
    const closes = head.closes || head.framing.kind !== 'none';
    const answer = verdict.reply(head, closes);
    if (closes) this.finish(answer);
    else this.client.write(answer);
    return 'drop';
  }

  private get isFull(): boolean {
    return this.inFlight.length >= maxPipelined;
  }

  private takeReply<T>(reply: T): T {
    this.reply = undefined;
    return reply;
  }

  private hold(words: string, head?: RequestHead): void {
    this.held = head === undefined ? {} : { head };
    this.clearHeadTimer();
    this.host.holdClient(this, words, head);
  }

  private goOn(): void {
    if (this.closing) return;
    if (this.mode === 'http') this.requests.resume();
    else {
      const kept = this.requests.takeKept();
      if (kept !== undefined) this.takeRaw(kept);
      else this.upstream.need();
    }
    if (this.mode === 'http') this.finishIfServed();
    else if (this.clientEnded) this.upstream.end();
    this.updateFlow();
  }

  /** A client that sends nothing more gets its answers, and then the end. */
  private finishIfServed(): void {
    if (!this.clientEnded || this.held !== undefined) return;
    if (this.inFlight.length === 0) this.finish(undefined);
    else if (!this.requests.betweenRequests) this.upstream.end();
  }

  private forward(bytes: Buffer): void {
    const [first] = this.inFlight;
    const lone = this.inFlight.length === 1 && first !== undefined && !first.answered;
    if (lone && isRepeatable(first.head) && this.upstream.isReused) first.again = bytes;
    this.upstream.send(bytes);
  }

  private fromUpstream(bytes: Buffer): boolean {
    if (this.closing) return true;
    if (this.mode === 'http') {
      const [first] = this.inFlight;
      if (first === undefined) {
        // Words nobody asked for, such as a time-out: the client is spared them and parked.
        this.upstream.detach();
        return true;
      }
      first.answered = true;
      first.again = undefined;
      const flows = this.client.write(bytes);
      this.responses.feed(bytes);
      return flows;
    }
    if (this.mode === 'sniff') {
      if (bytes.toString('latin1', 0, 7) === 'HTTP/1.') {
        this.upstream.detach();
        return true;
      }
      // The server speaks first: no HTTP.
      this.mode = 'raw';
    }
    if (this.mode === 'raw') this.raw.answered();
    return this.client.write(bytes);
  }

  private answerBegins(head: ResponseHead): void {
    const [first] = this.inFlight;
    if (first?.lease === undefined || !head.eventStream) return;
    first.lease = this.host.becomesStream(first.lease, 'eventStream', first.head);
  }

  private answerEnds(head: ResponseHead): void {
    const done = this.inFlight.shift();
    if (done?.lease !== undefined) this.host.end(done.lease);
    if (head.closes || done?.head.closes === true) {
      this.upstream.detach();
      this.finish(undefined);
      return;
    }
    this.upstream.served();
    if (this.requests.keptBytes > 0) {
      this.requests.resume();
      this.updateFlow();
    }
    this.finishIfServed();
    if (this.inFlight.length === 0 && !this.host.isOpen) this.park();
  }

  private switched(): void {
    const first = this.inFlight.shift();
    this.mode = 'tunnel';
    if (first !== undefined) {
      this.isWebSocket = first.head.method !== 'CONNECT' && first.switches;
      this.lease = first.lease && this.host.becomesStream(first.lease, 'webSocket', first.head);
    }
    for (const one of this.inFlight.splice(0)) if (one.lease !== undefined) this.host.end(one.lease);
    const kept = this.requests.takeKept();
    if (kept !== undefined) this.upstream.send(kept);
    this.updateFlow();
  }

  private upstreamEnded(): void {
    if (this.mode === 'http') {
      if (this.responses.endsWithConnection) this.finish(undefined);
      this.upstream.lose('it closed the connection');
    } else if (this.mode !== 'sniff') this.client.end();
  }

  private upstreamGone(why: string): void {
    this.responses.reset();
    if (this.closing || this.mode === 'sniff') return;
    if (this.mode !== 'http') {
      if (why === '') this.finish(undefined);
      else this.client.resetAndDestroy();
      return;
    }
    const [first] = this.inFlight;
    if (first === undefined) return;
    if (first.again !== undefined && this.host.isOpen) {
      const { again } = first;
      first.again = undefined;
      this.upstream.send(again);
    } else if (!first.answered) this.finish(jsonAnswer(this.host.broken(why), first.head, true));
    else this.client.resetAndDestroy();
  }

  private endedByClient(): void {
    this.clientEnded = true;
    if (this.mode === 'sniff') {
      this.client.end();
      this.dispose();
    } else if (this.mode === 'http') this.finishIfServed();
    else if (this.held === undefined) this.upstream.end();
  }

  private settled(): void {
    const tell = this.onSettled;
    this.onSettled = undefined;
    tell?.();
  }

  /** A half-sent head may not stay for ever, and a client that waits may not send for ever. */
  private somethingKept(): void {
    this.updateFlow();
    if (this.held !== undefined || this.headTimer !== undefined || this.inFlight.length > 0) return;
    this.headTimer = this.host.clock.setTimer(headDeadlineMs, () => {
      this.headTimer = undefined;
      const stillHalf = this.early !== undefined || (this.requests.keptBytes > 0 && this.held === undefined);
      if (!stillHalf || this.inFlight.length > 0) return;
      this.finish(jsonAnswer({ status: 408, error: 'The request did not arrive within a minute.' }, undefined, true));
    });
  }

  private clearHeadTimer(): void {
    this.headTimer?.dispose();
    this.headTimer = undefined;
  }

  private updateFlow(): void {
    const stop = this.upstream.isFull || this.requests.keptBytes > maxHeadBytes;
    if (stop === this.flowStopped || this.closing) return;
    this.flowStopped = stop;
    if (stop) this.client.pause();
    else this.client.resume();
  }

  /** The last bytes for this client. What it still sends is read and forgotten: a reset would destroy our answer. */
  private finish(last: Buffer | undefined): void {
    if (this.closing) return;
    this.closing = true;
    if (last !== undefined) this.client.write(last);
    linger(this.client);
    this.dispose();
  }

  private dispose(): void {
    this.closing = true;
    // The body of a request that was answered here must not be read as the next request.
    this.requests.stop();
    this.clearHeadTimer();
    this.upstream.detach();
    for (const one of this.inFlight.splice(0)) if (one.lease !== undefined) this.host.end(one.lease);
    if (this.lease !== undefined) this.host.end(this.lease);
    this.lease = undefined;
    this.raw.dispose();
    this.held = undefined;
    this.settled();
    if (this.client.destroyed) this.host.gone(this);
    else this.host.left(this);
  }
}

/** Asking for it twice is asking for it once. */
function isRepeatable({ method, framing, switches }: RequestHead): boolean {
  return framing.kind === 'none' && !switches && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS');
}
