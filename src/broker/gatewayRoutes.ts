/**
 * The routes of all backends that have a gateway. Each follows the state of its backend: it opens when the backend is
 * ready, holds clients while it is not, asks for a wake when it is asleep, and goes when the backend is stopped.
 */
import { errorCode } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { BackendDefinition, BackendKey, GatewayDefinition } from '../model/backendDefinition';
import type { Route, RouteOptions, WaitingText, Waker } from '../gateway/gatewayEvents';
import type { BackendRecord } from './backendRecord';
import { answerOf } from './gatewayAnswer';
import { GatewayUse, type UseListener } from './gatewayUse';
import type { Launch } from './launch';
import type { BrokerPorts } from './ports';
import { waitingText } from './waitingText';

export interface GatewayHost extends UseListener {
  /** Brings the backend up for a client; rejects with the failure. One at a time for each backend. */
  wake(record: BackendRecord, waker: Waker): Promise<void>;
  /** The number of clients that wait for it changed. */
  heldChanged(record: BackendRecord, count: number): void;
}

/** Of the log, on the page that waits. */
const shownLines = 20;

interface Opened {
  /** Which its options are of. */
  definition: BackendDefinition;
  /** Of the launch: where its port goes changes with a restart only. */
  gateway: GatewayDefinition;
  readonly route: Route;
  readonly use: GatewayUse;
  waking: boolean;
  /** The failure that shows was told to those who waited then; who comes after it is another matter. */
  told: boolean;
  /** How often that was done. */
  tellings: number;
}

export class GatewayRoutes implements Disposable {
  private readonly opened = new Map<BackendKey, Opened>();
  /** How many restarts are under way. */
  private readonly kept = new Map<BackendKey, number>();

  constructor(
    private readonly ports: BrokerPorts,
    private readonly host: GatewayHost,
  ) {}

  /** The public port is ours: held for this backend, or not in need of anybody. */
  owns(key: BackendKey, publicPort: number): boolean {
    return this.opened.get(key)?.route.publicPort === publicPort;
  }

  /** What on its public port wakes the backend; undefined when there is no gateway. */
  wakesOn(key: BackendKey): GatewayDefinition['wakeOn'] | undefined {
    return this.opened.get(key)?.gateway.wakeOn;
  }

  /** Takes the public port, or keeps it; false: somebody else has it. Without a gateway the port is let go. */
  async take(record: BackendRecord, { publicPort, gateway }: Launch): Promise<boolean> {
    const { key } = record;
    const there = this.opened.get(key)?.route;
    if (there !== undefined && (gateway === undefined || there.publicPort !== publicPort)) this.close(key);
    if (gateway === undefined || publicPort === undefined) return true;
    const kept = this.opened.get(key);
    if (kept !== undefined) {
      kept.route.configure(optionsOf(record, gateway));
      kept.gateway = gateway;
      kept.definition = record.definition;
      return true;
    }
    return (await this.ports.net.isPortFree(publicPort)) && this.openRoute(record, publicPort, gateway);
  }

  /** What the state of the backend means for its clients. */
  follow(record: BackendRecord): void {
    const found = this.opened.get(record.key);
    if (found === undefined) return;
    const { route, use } = found;
    // What counts as use is another matter from this moment on, not from the next start.
    if (found.definition !== record.definition) {
      found.definition = record.definition;
      route.configure(optionsOf(record, found.gateway));
    }
    if (record.state !== 'draining') use.drainEnds();
    if (record.state !== 'failed') found.told = false;
    switch (record.state) {
      case 'ready':
        openAt(route, record.live?.upstreamPort);
        return;
      case 'draining':
        use.drainBegins();
        return;
      case 'waiting':
      case 'starting':
      case 'stopping':
        route.hold();
        return;
      case 'quiesced':
        route.fallAsleep();
        return;
      case 'failed':
        refuseAs(found, record);
        return;
      case 'stopped':
        if (this.kept.has(record.key)) route.hold();
        else this.close(record.key);
    }
  }

  /** Keeps the port through a stop that is followed by a start. */
  async keepThrough(record: BackendRecord, restart: () => Promise<void>): Promise<void> {
    const { key } = record;
    this.kept.set(key, (this.kept.get(key) ?? 0) + 1);
    try {
      await restart();
    } finally {
      const others = (this.kept.get(key) ?? 1) - 1;
      if (others > 0) this.kept.set(key, others);
      else this.kept.delete(key);
      this.follow(record);
    }
  }

  /** What keeps the backend awake at this very moment, in words. To be asked in the turn of the first signal. */
  busyWith(key: BackendKey): string | undefined {
    return this.opened.get(key)?.use.busyNow();
  }

  /** From now on nothing reaches the process: called in the same turn as the verdict. */
  closeGate(key: BackendKey): void {
    this.opened.get(key)?.route.closeGate();
  }

  /** Lets what is in flight come to its end while newcomers wait; false when that takes too long. */
  async settle(key: BackendKey): Promise<boolean> {
    const found = this.opened.get(key);
    if (found === undefined) return true;
    found.route.hold();
    return found.use.settled();
  }

  close(key: BackendKey): void {
    const found = this.opened.get(key);
    this.opened.delete(key);
    found?.use.dispose();
    found?.route.dispose();
  }

  dispose(): void {
    for (const key of [...this.opened.keys()]) this.close(key);
  }

  private async openRoute(record: BackendRecord, publicPort: number, gateway: GatewayDefinition): Promise<boolean> {
    const { clock } = this.ports;
    const { definition } = record;
    const use = new GatewayUse(record.key, clock, this.host);
    try {
      const route = await this.ports.gateway.openRoute(publicPort, optionsOf(record, gateway), {
        leasesChanged: () => use.leasesChanged(),
        counted: (words) => use.counted(words),
        heldChanged: (count) => this.host.heldChanged(record, count),
        wakeWanted: (waker) => this.wake(record, waker),
        waitingText: () => this.waitingText(record),
      });
      use.follow(route);
      this.opened.set(record.key, { definition, gateway, route, use, waking: false, told: false, tellings: 0 });
      return true;
    } catch (error) {
      if (errorCode(error) === 'EADDRINUSE') return false;
      throw error;
    }
  }

  private async waitingText(record: BackendRecord): Promise<WaitingText> {
    const { logs, history, clock } = this.ports;
    const log = await logs.lastLines(logs.fileFor(record.key), shownLines);
    const typicalReadyMs = history.expectation(record.startId)?.typicalMs;
    return waitingText(record, { nowWallMs: clock.wallMs(), typicalReadyMs, log });
  }

  private wake(record: BackendRecord, waker: Waker): void {
    const found = this.opened.get(record.key);
    if (found === undefined || found.waking) return;
    found.waking = true;
    const toldBefore = found.tellings;
    this.host
      .wake(record, waker)
      .catch((error: unknown) => {
        // One that failed before the backend changed its state is told by nobody else.
        if (found.tellings === toldBefore) found.route.answerHeld(answerOf(error));
      })
      .finally(() => {
        found.waking = false;
        // Who came after the failure was told wants a start of its own.
        found.route.askAgain();
      });
  }
}

function optionsOf({ definition }: BackendRecord, gateway: GatewayDefinition): RouteOptions {
  const { ignorePaths, ignoreAgents, openStreams } = definition.activity;
  const holdCeilingMs = definition.ready.timeoutMs + 5_000;
  return { ...gateway, ignorePaths, ignoreAgents, openStreams, holdCeilingMs };
}

function openAt(route: Route, port: number | undefined): void {
  if (port !== undefined) route.open(port);
}

/** The failure is told in a second step, after the state. */
function refuseAs(found: Opened, { failure, failedOnWake }: BackendRecord): void {
  if (failure === undefined) return;
  const answer = answerOf(failure);
  found.route.refuse(answer, failedOnWake);
  if (found.told) return;
  found.told = true;
  found.tellings++;
  found.route.answerHeld(answer);
}
