/**
 * What passes through one gateway, as the idle loop wants to hear it: in holds and marks, a few times a second at most,
 * however many requests there are. The gateway itself knows the moment; it is asked again when a verdict is made.
 */
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import type { BackendKey } from '../model/backendDefinition';
import type { GatewayLease, GatewayLeaseKind, Route } from '../gateway/gatewayEvents';
import type { HoldView } from '../model/snapshot';

export interface UseListener {
  /** It was used just now. */
  used(key: BackendKey, because: string): void;
  held(key: BackendKey, hold: HoldView): void;
  released(key: BackendKey): void;
}

/** Also the shortest time for which a request is shown as a hold. */
const noticeMs = 250;
/** One request after the other looks like a long one; how old the one in flight is, is told that often. */
const ageNewsMs = 2_000;
/** How long a sleep that a person asked for waits for requests in flight, all in all. */
const settleMs = 10_000;
const settleLookMs = 15;

export class GatewayUse implements Disposable {
  private route: Route | undefined;
  private timer: Disposable | undefined;
  private shown: { readonly text: string; readonly lease: GatewayLease; readonly toldMs: number } | undefined;
  private notedMs = -Infinity;
  /** Of the last counted use. */
  private lastWords = 'it was used';
  private drainSinceMs: number | undefined;
  /** A sleep that a person asked for waits for answers until then. */
  private settlesUntilMs: number | undefined;

  constructor(
    private readonly key: BackendKey,
    private readonly clock: Clock,
    private readonly listener: UseListener,
  ) {}

  follow(route: Route): void {
    this.route = route;
  }

  drainBegins(): void {
    if (this.drainSinceMs !== undefined) return;
    this.drainSinceMs = this.clock.nowMs();
    this.route?.park();
  }

  drainEnds(): void {
    this.drainSinceMs = undefined;
    this.settlesUntilMs = undefined;
  }

  leasesChanged(): void {
    if (this.inFlight().length === 0 && this.shown !== undefined) this.look();
    else this.timer ??= this.clock.setTimer(noticeMs, () => this.look());
  }

  counted(words: string): void {
    const nowMs = this.clock.nowMs();
    this.lastWords = words;
    if (nowMs - this.notedMs < noticeMs) return;
    this.notedMs = nowMs;
    this.listener.used(this.key, words);
    this.timer ??= this.clock.setTimer(noticeMs, () => this.look());
  }

  /** What is in flight, or came since the drain began. A sleep that a person asked for waits for answers only. */
  busyNow(): string | undefined {
    const settling = this.settlesUntilMs !== undefined;
    const leases = settling ? this.unanswered() : this.inFlight();
    if (leases.length > 0) return leasesText(leases);
    if (settling) return undefined;
    const countedMs = this.route?.lastCountedMs ?? -Infinity;
    return this.drainSinceMs !== undefined && countedMs >= this.drainSinceMs ? 'it was used a moment ago' : undefined;
  }

  /** True when no request is in flight any more; false when that takes too long. */
  async settled(): Promise<boolean> {
    const endMs = (this.settlesUntilMs ??= this.clock.nowMs() + settleMs);
    while (this.unanswered().length > 0 && this.clock.nowMs() < endMs) {
      await new Promise<void>((resolve) => this.clock.setTimer(settleLookMs, resolve));
    }
    return this.clock.nowMs() < endMs;
  }

  dispose(): void {
    this.timer?.dispose();
    if (this.shown !== undefined) this.listener.released(this.key);
    this.shown = undefined;
  }

  private inFlight(): readonly GatewayLease[] {
    return this.route?.leases() ?? [];
  }

  private unanswered(): readonly GatewayLease[] {
    return this.inFlight().filter(({ kind }) => kind === 'http' || kind === 'raw');
  }

  private look(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const leases = this.inFlight();
    const [lease] = leases;
    if (lease !== undefined) this.timer = this.clock.setTimer(noticeMs, () => this.look());
    else if ((this.route?.lastCountedMs ?? -Infinity) > this.notedMs && this.shown === undefined) {
      this.notedMs = this.clock.nowMs();
      this.listener.used(this.key, this.lastWords);
    }
    if (lease !== undefined) this.tell(lease, leasesText(leases));
    else if (this.shown !== undefined) {
      this.shown = undefined;
      this.listener.released(this.key);
    }
  }

  /** The age is that of the oldest. */
  private tell(lease: GatewayLease, text: string): void {
    const nowMs = this.clock.nowMs();
    const { shown } = this;
    const isKnown = shown?.lease === lease || (shown !== undefined && nowMs - shown.toldMs < ageNewsMs);
    if (isKnown && shown.text === text) return;
    this.shown = { text, lease, toldMs: nowMs };
    const since = this.clock.wallMs() - Math.max(0, nowMs - lease.sinceMs);
    this.listener.held(this.key, { kind: holdKinds[lease.kind], reason: text, since });
  }
}

const holdKinds = {
  http: 'request',
  webSocket: 'stream',
  eventStream: 'stream',
  raw: 'connection',
  rawAnswered: 'connection',
} as const satisfies Record<GatewayLeaseKind, HoldView['kind']>;

/** `GET /report in flight`, `2 WebSockets`, `GET /report in flight and 3 more`. */
function leasesText(leases: readonly GatewayLease[]): string {
  const [first] = leases;
  if (first === undefined) return '';
  if (leases.length === 1) return first.words;
  const same = leases.every((lease) => lease.kind === first.kind);
  if (same && first.kind !== 'http') return `${leases.length} ${plural[first.kind]}`;
  return `${first.words} and ${leases.length - 1} more`;
}

const plural = {
  webSocket: 'WebSockets',
  eventStream: 'event streams',
  raw: 'unanswered TCP requests',
  rawAnswered: 'TCP connections in use a moment ago',
} as const;
