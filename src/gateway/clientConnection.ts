/**
 * One client of a public port, and its way to the process behind. HTTP/1.1 is followed, so that it is known
 * what is in flight; bytes are passed on as they are. Anything else is passed on without understanding.
 */
import type { Socket } from 'node:net';
import { jsonAnswer, type Answer } from './answers';
import type { ConnectionHost, HostedConnection, Reply, Verdict } from './connectionHost';
import { Deadline, headDeadlineMs } from './deadline';
import { requestWords, type RequestHead, type ResponseHead } from './httpHead';
import { InFlightRequests, isRepeatable } from './inFlight';
import { RequestSide, type Decision } from './requestSide';
import { ResponseSide } from './responseSide';
import { maxKeptBytes, maxUnreadBytes } from './limits';
import { linger } from './linger';
import { RawSide } from './rawSide';
import { sniff } from './sniff';
import { TunnelUse } from './tunnelUse';
import { Upstream } from './upstream';

type Mode = 'sniff' | 'http' | 'raw' | 'tunnel';

export class ClientConnection implements HostedConnection {
  private mode: Mode = 'sniff';
  private readonly upstream: Upstream;
  private readonly inFlight: InFlightRequests;
  private readonly requests = new RequestSide({
    decide: (head) => this.decide(head),
    forward: (bytes) => this.forward(bytes),
    refuse: (status) => this.refused(status),
  });
  private readonly responses = new ResponseSide({
    answered: () => this.inFlight.first,
    head: (head) => this.inFlight.answeredWith(head),
    done: (head) => this.answerEnds(head),
    switched: () => this.switched(),
  });
  private early: Buffer | undefined;
  private readonly raw: RawSide;
  private readonly tunnel: TunnelUse;
  private held: { readonly head?: RequestHead } | undefined;
  private reply: Reply | undefined;
  /** Comes after the answers that are on their way. */
  private refusal: Buffer | undefined;
  private onSettled: (() => void) | undefined;
  private readonly deadline: Deadline;
  private flowStopped = false;
  private clientEnded = false;
  private closing = false;

  constructor(
    private readonly client: Socket,
    private readonly host: ConnectionHost,
  ) {
    this.tunnel = new TunnelUse(host);
    this.inFlight = new InFlightRequests(host);
    this.deadline = new Deadline(host.clock);
    this.upstream = new Upstream(host, {
      data: (bytes) => this.fromUpstream(bytes),
      settled: () => this.settled(),
      ended: () => this.upstreamEnded(),
      gone: (why) => this.upstreamGone(why),
      flow: () => this.updateFlow(),
    });
    this.raw = new RawSide(host, {
      isWanted: () => this.upstream.isWanted,
      send: (bytes) => this.upstream.send(bytes),
      hold: (bytes) => this.holdRaw(bytes),
      reset: () => this.client.resetAndDestroy(),
    });
    client.on('data', (bytes: Buffer) => this.fromClient(bytes));
    client.on('drain', () => this.upstream.resume());
    client.on('drain', () => this.updateFlow());
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
    if (this.upstream.isDialling && this.mode !== 'sniff' && !this.host.isOpen) {
      this.judgeAgain();
      return;
    }
    const idle = this.mode === 'sniff' || (this.mode === 'http' && this.isIdle);
    const letThrough = this.mode === 'sniff' && this.onSettled !== undefined && this.host.wakesOnConnect;
    if (!idle || (letThrough && this.host.isOpen)) return;
    this.upstream.detach();
    this.settled();
    // The process went before this one reached it: it waits as before.
    if (letThrough && this.host.judgeRaw() === 'hold') this.hold('a TCP connection');
  }

  /** The gate closed before the process was reached: what comes up at the same port may be another, and not ready. */
  private judgeAgain(): void {
    const unsent = this.upstream.giveUp();
    if (this.mode === 'raw') this.raw.takeBack(unsent);
    else if (this.refusal !== undefined) this.finish(jsonAnswer(this.host.broken(''), this.inFlight.first?.head, true));
    else this.askAnew(unsent);
    this.settled();
    this.updateFlow();
  }

  private askAnew(requests: Buffer): void {
    this.inFlight.clear();
    this.requests.restart(requests);
  }

  cutOff(unavailable: Answer): void {
    if (!this.upstream.isWanted || this.inFlight.hasLease) return;
    if (this.mode === 'http') {
      const { first } = this.inFlight;
      if (first?.answered === false) this.finish(jsonAnswer(unavailable, first.head, true));
      return;
    }
    // A WebSocket ends without a close frame, as with a server that dies: after a proper goodbye many never come back.
    this.finish(undefined);
  }

  close(): void {
    if (this.inFlight.count === 0 && this.mode !== 'tunnel' && this.mode !== 'raw') this.finish(undefined);
    else if (!this.upstream.isWanted) this.finish(undefined);
  }

  private get isIdle(): boolean {
    return this.inFlight.count === 0 && this.requests.betweenRequests;
  }

  private fromClient(bytes: Buffer): void {
    if (this.closing) return;
    if (this.mode === 'http') {
      if (this.held === undefined) this.requests.feed(bytes);
      else this.requests.keep(bytes);
      if (this.requests.keptBytes > 0) this.somethingKept();
    } else if (this.mode === 'tunnel') this.upstream.send(bytes);
    else if (this.mode === 'raw') {
      if (this.held === undefined) this.raw.take(bytes);
      else this.holdRaw(bytes);
    } else this.takeFirst(this.early === undefined ? bytes : Buffer.concat([this.early, bytes]));
  }

  private takeFirst(all: Buffer, kind = sniff(all)): void {
    this.early = kind === 'undecided' ? all : undefined;
    if (kind === 'undecided') this.somethingKept();
    else {
      this.mode = kind;
      this.fromClient(all);
    }
  }

  private holdRaw(bytes: Buffer): void {
    this.requests.keep(bytes);
    if (this.held === undefined) this.hold('a TCP connection');
    this.somethingKept();
  }

  private decide(head: RequestHead): Decision {
    this.deadline.clear();
    if (this.inFlight.isFull) return 'wait';
    const { reply } = this;
    this.reply = undefined;
    const verdict: Verdict = reply === undefined ? this.host.judge(head) : { kind: 'answer', reply };
    if (verdict.kind === 'pass') {
      if (this.inFlight.count === 0 && !isRepeatable(head)) this.upstream.renew();
      this.inFlight.begin(head, verdict.counts);
      return 'pass';
    }
    // An answer of ours must not overtake one of the backend.
    if (this.inFlight.count > 0) return 'wait';
    if (verdict.kind === 'hold') {
      this.hold(requestWords(head), head);
      return 'wait';
    }
    const closes = head.closes || head.framing.kind !== 'none';
    const answer = verdict.reply(head, closes);
    if (closes) this.finish(answer);
    else this.client.write(answer);
    this.updateFlow();
    return 'drop';
  }

  private refused(status: number): void {
    const answer = jsonAnswer({ status, error: 'This is no request of HTTP/1.1.' }, undefined, true);
    if (this.inFlight.count > 0 && this.requests.betweenRequests) this.refusal = answer;
    else if (this.inFlight.count === 0 || this.inFlight.isLoneUnanswered) this.finish(answer);
    else this.client.resetAndDestroy();
  }

  private hold(words: string, head?: RequestHead): void {
    this.held = head === undefined ? {} : { head };
    this.deadline.clear();
    this.host.holdClient(this, words, head);
  }

  private goOn(): void {
    if (this.closing) return;
    if (this.mode === 'http') this.requests.resume();
    else {
      const kept = this.requests.takeKept();
      if (kept !== undefined) this.raw.take(kept);
      else this.upstream.need();
    }
    if (this.mode === 'http') this.finishIfServed();
    else if (this.clientEnded) this.upstream.end();
    this.updateFlow();
  }

  /** A client that sends nothing more gets its answers, and then the end. */
  private finishIfServed(): void {
    if (!this.clientEnded || this.held !== undefined) return;
    if (this.inFlight.count === 0) this.finish(undefined);
    else {
      if (!this.requests.betweenRequests) this.upstream.end();
      if (!this.deadline.isSet) this.inFlight.boundLeases(this.deadline);
    }
  }

  private forward(bytes: Buffer): void {
    this.inFlight.sent(bytes, this.upstream.isReused);
    this.upstream.send(bytes);
  }

  private fromUpstream(bytes: Buffer): boolean {
    if (this.closing) return true;
    if (this.mode === 'http') {
      const { first } = this.inFlight;
      if (first === undefined) {
        // Words nobody asked for, such as a time-out: the client is spared them and parked.
        this.upstream.detach();
        this.endIfHalfSent();
        return true;
      }
      this.inFlight.answerBegins();
      const flows = this.client.write(bytes);
      this.responses.feed(bytes);
      const { first: next } = this.inFlight;
      if (next !== undefined) next.answered = this.responses.hasBegun;
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
    if (this.mode === 'raw') this.raw.use.answered();
    return this.client.write(bytes);
  }

  private answerEnds(head: ResponseHead): void {
    const done = this.inFlight.shift();
    if (done?.lease !== undefined) this.host.end(done.lease);
    const last = this.inFlight.count === 0 && this.refusal !== undefined;
    if (head.closes || done?.head.closes === true || last) {
      this.finish(last ? this.refusal : undefined);
      return;
    }
    this.upstream.served();
    this.requests.resume();
    this.updateFlow();
    this.finishIfServed();
    if (this.inFlight.count === 0 && !this.host.isOpen) this.park();
  }

  private switched(): void {
    const first = this.inFlight.shift();
    this.mode = 'tunnel';
    this.tunnel.begin(first);
    this.inFlight.clear();
    const kept = this.requests.takeKept();
    if (kept !== undefined) this.upstream.send(kept);
    this.updateFlow();
  }

  private upstreamEnded(): void {
    if (this.mode === 'http') {
      if (this.responses.endsWithConnection) this.finish(undefined);
      this.upstream.lose('it closed the connection');
    } else if (this.mode !== 'sniff') this.client.end();
    else this.lostUnused();
  }

  /** The server left before anything was said. A client that waits for its words is told; one that will ask is not. */
  private lostUnused(): void {
    this.upstream.detach();
    if (this.host.wakesOnConnect) this.finish(undefined);
  }

  /** The rest of a request, sent over another connection, would be read as a request. */
  private endIfHalfSent(): void {
    if (!this.requests.betweenRequests) this.finish(undefined);
  }

  private upstreamGone(why: string): void {
    this.responses.reset();
    if (this.closing) return;
    if (this.mode === 'sniff') this.lostUnused();
    else if (this.mode === 'http') this.lostInHttp(why);
    else if (why === '') this.finish(undefined);
    else this.client.resetAndDestroy();
  }

  private lostInHttp(why: string): void {
    const { first } = this.inFlight;
    const again = this.inFlight.takeAgain();
    if (first === undefined) this.endIfHalfSent();
    else if (again !== undefined && this.host.isOpen) this.upstream.send(again);
    else if (again !== undefined && this.refusal === undefined) this.askAnew(again);
    else if (!first.answered) this.finish(jsonAnswer(this.host.broken(why), first.head, true));
    else this.client.resetAndDestroy();
  }

  private endedByClient(): void {
    this.clientEnded = true;
    if (this.early !== undefined && this.host.isOpen) this.takeFirst(this.early, 'raw');
    if (this.mode === 'sniff') {
      this.client.end();
      this.dispose();
    } else if (this.mode === 'http') this.finishIfServed();
    else if (this.held === undefined) this.upstream.end();
    this.tunnel.clientEnded();
  }

  private settled(): void {
    const tell = this.onSettled;
    this.onSettled = undefined;
    tell?.();
  }

  /** A half-sent head may not stay for ever, and a client that waits may not send for ever. */
  private somethingKept(): void {
    this.updateFlow();
    if (this.held !== undefined || this.deadline.isSet || this.inFlight.count > 0) return;
    this.deadline.set(headDeadlineMs, () => {
      if ((this.mode !== 'sniff' && this.mode !== 'http') || this.inFlight.count > 0) return;
      this.finish(jsonAnswer({ status: 408, error: 'The request did not arrive within a minute.' }, undefined, true));
    });
  }

  private updateFlow(): void {
    // A client that only asks and never reads our own answers.
    const unread = this.mode === 'http' && this.inFlight.count === 0 && this.client.writableLength > maxUnreadBytes;
    const stop = this.upstream.isFull || this.requests.keptBytes > maxKeptBytes || unread;
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
    this.deadline.clear();
    this.upstream.detach();
    this.inFlight.endLeases();
    this.tunnel.dispose();
    this.raw.use.dispose();
    this.held = undefined;
    this.settled();
    if (this.client.destroyed) this.host.gone(this);
    else this.host.left(this);
  }
}
