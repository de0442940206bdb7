/** Clients that wait for a backend: bounded in number and time, let through in batches. */
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/lifecycle';
import type { HostedConnection, Reply } from './connectionHost';
import type { RouteListener } from './gatewayEvents';
import type { RequestHead } from './httpHead';
import { pageReply, plainReply } from './replies';
import { isNavigation } from './requestPolicy';

const maxHeld = 256;
const releasedAtOnce = 32;
/** A person who looks at a browser is told after this. */
const pageAfterMs = 1_500;

interface Held {
  readonly connection: HostedConnection;
  readonly words: string;
  readonly mayWake: boolean;
  readonly timers: readonly Disposable[];
}

export class HeldClients implements Disposable {
  private readonly held = new Map<HostedConnection, Held>();
  private releasing: Set<HostedConnection> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly listener: Pick<RouteListener, 'waitingText' | 'heldChanged'>,
  ) {}

  get isFull(): boolean {
    return this.held.size >= maxHeld;
  }

  /** The first that a backend may be woken for. */
  first(): { readonly connection: HostedConnection; readonly words: string } | undefined {
    return [...this.held.values()].find(({ mayWake }) => mayWake);
  }

  add(
    connection: HostedConnection,
    waits: Pick<Held, 'words' | 'mayWake'>,
    head: RequestHead | undefined,
    ceilingMs: number,
  ): void {
    const timers = [this.clock.setTimer(ceilingMs, () => this.tooLong(connection))];
    if (head !== undefined && isNavigation(head)) {
      timers.push(this.clock.setTimer(pageAfterMs, () => void this.showPage(connection).catch(() => {})));
    }
    this.held.set(connection, { ...waits, connection, timers });
    this.listener.heldChanged(this.held.size);
  }

  delete(connection: HostedConnection): void {
    if (this.take(connection)) this.listener.heldChanged(this.held.size);
  }

  /** Lets all through, so many at a time that a server that has just come up is not run over. */
  release(): void {
    if (this.releasing === undefined) this.releaseBatch();
  }

  /** The way is closed again: who is not through yet waits on, and the next `release` begins anew. */
  pause(): void {
    this.releasing = undefined;
  }

  answerAll(reply: Reply): void {
    this.answer(reply, () => true);
  }

  /** Those that nothing is woken for. */
  answerForeign(reply: Reply): void {
    this.answer(reply, ({ mayWake }) => !mayWake);
  }

  private answer(reply: Reply, isMeant: (held: Held) => boolean): void {
    for (const { connection } of [...this.held.values()].filter(isMeant)) {
      this.delete(connection);
      connection.answerHeld(reply);
    }
  }

  dispose(): void {
    for (const { timers } of this.held.values()) for (const timer of timers) timer.dispose();
    this.held.clear();
  }

  private releaseBatch(): void {
    const batch = [...this.held.keys()].slice(0, releasedAtOnce);
    if (batch.length === 0) {
      this.releasing = undefined;
      return;
    }
    const waiting = new Set(batch);
    this.releasing = waiting;
    for (const connection of batch) {
      this.delete(connection);
      connection.release(() => {
        waiting.delete(connection);
        if (waiting.size === 0) setImmediate(() => this.nextBatch(waiting));
      });
    }
  }

  private nextBatch(after: Set<HostedConnection>): void {
    if (this.releasing === after) this.releaseBatch();
  }

  private take(connection: HostedConnection): boolean {
    const held = this.held.get(connection);
    if (held === undefined) return false;
    for (const timer of held.timers) timer.dispose();
    return this.held.delete(connection);
  }

  private tooLong(connection: HostedConnection): void {
    this.delete(connection);
    connection.answerHeld(plainReply({ status: 503, retryAfterS: 2, error: 'The backend did not come up in time.' }));
  }

  private async showPage(connection: HostedConnection): Promise<void> {
    const text = await this.listener.waitingText();
    if (!this.held.has(connection)) return;
    this.delete(connection);
    connection.answerHeld(pageReply(text));
  }
}
