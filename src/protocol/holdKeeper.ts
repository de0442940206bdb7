import { randomUUID } from 'node:crypto';
import { toDisposable, type Disposable } from '../base/lifecycle';
import type { HoldParams } from './messages';

/** What keeps a backend awake from this window; the id is ours. */
export type HeldBackend = Omit<HoldParams, 'holdId'>;

/** Remembers the holds of this window, so that a new broker learns of them too. */
export class HoldKeeper {
  private readonly held = new Map<string, HeldBackend>();

  constructor(
    private readonly send: (held: HeldBackend & { readonly holdId: string }) => void,
    private readonly sendRelease: (holdId: string) => void,
  ) {}

  hold(held: HeldBackend): Disposable {
    const holdId = randomUUID();
    this.held.set(holdId, held);
    this.send({ ...held, holdId });
    return toDisposable(() => {
      this.held.delete(holdId);
      this.sendRelease(holdId);
    });
  }

  repeatAll(): void {
    for (const [holdId, held] of this.held) this.send({ ...held, holdId });
  }
}
