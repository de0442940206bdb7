/** One public port: who is connected, who waits, what keeps the backend awake. The broker says which phase it is in. */
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import { jsonAnswer, type Answer } from './answers';
import { ClientConnection } from './clientConnection';
import type { ConnectionHost, HostedConnection, Lease, Reply, Verdict } from './connectionHost';
import type { GatewayLease, GatewayLeaseKind, Route, RouteListener, RouteOptions } from './gatewayEvents';
import { HeldClients } from './heldClients';
import { printable, type RequestHead } from './httpHead';
import { listenLoopback } from './listenLoopback';
import { asleepReply, plainReply } from './replies';
import { isAllowedHost, isCrossSite, isIgnored } from './requestPolicy';
import type { DialTarget } from './upstreamDial';

type Phase =
  | { readonly kind: 'open'; readonly target: DialTarget }
  /** On its way up, or beyond the first signal of a stop that ends in sleep: whoever comes is held. */
  | { readonly kind: 'holding' }
  | { readonly kind: 'asleep' }
  /** `again`: the next request may try once more. */
  | { readonly kind: 'refusing'; readonly answer: Answer; readonly again: boolean };

const stoppedAnswer: Answer = { status: 503, retryAfterS: 5, error: 'The backend was stopped.' };
const startingAnswer: Answer = { status: 503, retryAfterS: 1, error: 'The backend is not up yet.' };
const asleepAnswer: Answer = {
  status: 503,
  retryAfterS: 30,
  error: 'The backend is asleep, and this request does not wake it.',
};

class GatewayRoute implements Route, ConnectionHost {
  private phase: Phase = { kind: 'holding' };
  private readonly connections = new Set<HostedConnection>();
  private readonly leaseSet = new Set<Lease>();
  private readonly held: HeldClients;
  private listening: Disposable | undefined;
  private countedMs: number | undefined;

  constructor(
    readonly publicPort: number,
    readonly clock: Clock,
    private options: RouteOptions,
    private readonly listener: RouteListener,
  ) {
    this.held = new HeldClients(clock, listener);
  }

  async listen(): Promise<void> {
    this.listening = await listenLoopback(this.publicPort, (client) => this.accept(client));
  }

  private get wakes(): boolean {
    return this.phase.kind === 'asleep' || (this.phase.kind === 'refusing' && this.phase.again);
  }

  get isOpen(): boolean {
    return this.phase.kind === 'open';
  }

  get target(): DialTarget | undefined {
    return this.phase.kind === 'open' ? this.phase.target : undefined;
  }

  get wakesOnConnect(): boolean {
    return this.options.wakeOn === 'connect';
  }

  get lastCountedMs(): number | undefined {
    return this.countedMs;
  }

  leases(): readonly GatewayLease[] {
    return [...this.leaseSet];
  }

  configure(options: RouteOptions): void {
    this.options = options;
  }

  open(upstreamPort: number): void {
    if (this.phase.kind === 'open' && this.phase.target.port === upstreamPort) return;
    // It moved: nobody is to reach who listens where it was.
    if (this.phase.kind === 'open') this.hold();
    this.phase = { kind: 'open', target: { port: upstreamPort, address: '127.0.0.1' } };
    this.held.release();
  }

  holdClient(connection: HostedConnection, words: string, head: RequestHead | undefined): void {
    const mayWake = head === undefined || !isCrossSite(head, this.options.hosts);
    this.held.add(connection, { words, mayWake }, head, this.options.holdCeilingMs);
    if (this.wakes) this.listener.wakeWanted({ words, ...connection.remote });
  }

  park(): void {
    for (const connection of this.connections) connection.park();
  }

  hold(): void {
    if (this.phase.kind === 'holding') return;
    this.phase = { kind: 'holding' };
    this.held.pause();
    this.park();
  }

  closeGate(): void {
    this.hold();
    for (const connection of [...this.connections]) connection.cutOff(startingAnswer);
  }

  fallAsleep(): void {
    if (this.phase.kind === 'asleep') return;
    this.hold();
    this.phase = { kind: 'asleep' };
    this.held.answerForeign(asleepReply(asleepAnswer));
    this.askAgain();
  }

  askAgain(): void {
    const first = this.held.first();
    if (first !== undefined && this.wakes) this.listener.wakeWanted({ words: first.words, ...first.connection.remote });
  }

  refuse(answer: Answer, again: boolean): void {
    this.hold();
    this.phase = { kind: 'refusing', answer, again };
  }

  answerHeld(answer: Answer): void {
    this.held.answerAll(plainReply(answer));
  }

  judge(head: RequestHead): Verdict {
    const { hosts } = this.options;
    if (!isAllowedHost(head.host, hosts)) return { kind: 'answer', reply: foreignHost(head.host ?? '') };
    const { phase } = this;
    const counts = !isIgnored(head, this.options);
    if (phase.kind === 'open') return { kind: 'pass', counts };
    if (phase.kind === 'refusing' && !phase.again) return { kind: 'answer', reply: plainReply(phase.answer) };
    if (!counts) return { kind: 'answer', reply: plainReply(phase.kind === 'holding' ? startingAnswer : asleepAnswer) };
    if (phase.kind !== 'holding' && isCrossSite(head, hosts))
      return { kind: 'answer', reply: asleepReply(asleepAnswer) };
    return this.held.isFull ? { kind: 'answer', reply: plainReply(tooMany) } : { kind: 'hold' };
  }

  judgeRaw(): 'pass' | 'hold' | 'reset' {
    if (this.phase.kind === 'open') return 'pass';
    const refused = this.phase.kind === 'refusing' && !this.phase.again;
    return refused || this.held.isFull ? 'reset' : 'hold';
  }

  begin(kind: GatewayLeaseKind, subject: string): Lease {
    const lease = new RouteLease(kind, subject, this.clock.nowMs());
    this.leaseSet.add(lease);
    this.countedMs = lease.sinceMs;
    this.listener.counted(subject);
    if (this.leaseSet.size === 1) this.listener.leasesChanged();
    return lease;
  }

  end(lease: Lease): void {
    if (!this.leaseSet.delete(lease)) return;
    this.countedMs = this.clock.nowMs();
    if (this.leaseSet.size === 0) this.listener.leasesChanged();
  }

  becomesStream(lease: Lease, kind: GatewayLeaseKind, head: RequestHead): Lease | undefined {
    this.end(lease);
    if (this.options.openStreams === 'ignore') return undefined;
    return this.begin(kind, printable(head.path));
  }

  broken(why: string): Answer {
    const reason = why === '' ? 'it closed the connection' : why;
    return { status: 502, error: `The backend gave no answer: ${reason}.` };
  }

  left(connection: HostedConnection): void {
    this.held.delete(connection);
  }

  gone(connection: HostedConnection): void {
    this.held.delete(connection);
    this.connections.delete(connection);
  }

  /** Frees the port in this turn; answers that are on their way still get out. */
  dispose(): void {
    this.listening?.dispose();
    this.listening = undefined;
    this.refuse(stoppedAnswer, false);
    this.answerHeld(stoppedAnswer);
    for (const connection of [...this.connections]) connection.close();
    this.held.dispose();
  }

  private accept(client: Socket): void {
    const connection = new ClientConnection(client, this);
    this.connections.add(connection);
    connection.begin();
  }
}

class RouteLease implements GatewayLease {
  constructor(
    readonly kind: GatewayLeaseKind,
    private readonly subject: string,
    readonly sinceMs: number,
  ) {}

  get words(): string {
    const { subject } = this;
    switch (this.kind) {
      case 'http':
        return `${subject} in flight`;
      case 'webSocket':
        return `a WebSocket on ${subject}`;
      case 'eventStream':
        return `an event stream of ${subject}`;
      case 'raw':
      case 'rawAnswered':
        return subject;
    }
  }
}

const tooMany: Answer = { status: 503, retryAfterS: 2, error: 'Too many clients wait for the backend to come up.' };

function foreignHost(host: string): Reply {
  const answer: Answer = {
    status: 403,
    error: `The host "${host.slice(0, 200)}" is not one of this machine.`,
    hint: 'If you reach the backend under this name on purpose, add it to "gateway": {"hosts": […]} in .vscode/backends.json.',
  };
  return (head, closes) => jsonAnswer(answer, head, closes);
}

/** Rejects with the error of the system, EADDRINUSE for a port that is taken. Clients are held until `open`. */
export async function openRoute(
  publicPort: number,
  clock: Clock,
  options: RouteOptions,
  listener: RouteListener,
): Promise<Route> {
  const route = new GatewayRoute(publicPort, clock, options, listener);
  await route.listen();
  return route;
}
