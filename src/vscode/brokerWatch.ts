import { watch, type FSWatcher } from 'node:fs';
import type { Clock } from '../base/clock';
import { errorMessage } from '../base/errors';
import type { Event } from '../base/event';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import { ensurePrivateDir } from '../platform/files/privateDir';
import type { BrokerLink } from '../protocol/brokerLink';

/** A broker writes its record in several steps. */
const settleMs = 200;
/** After a broker has gone, another window may be starting the next one. */
const lookAgainMs = 1_000;

export interface BrokerWatchPorts {
  readonly link: Pick<BrokerLink, 'state' | 'connectExisting' | 'onDidChangeState'>;
  /** Where brokers announce themselves. */
  readonly recordDirectory: string;
  /** The person comes back to this window. */
  readonly onDidFocus: Event<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Connects an idle window to the broker that another one has started: it shows the same backends then. */
export class BrokerWatch implements Disposable {
  private readonly owned = new DisposableStore();
  private timer: Disposable | undefined;

  constructor(private readonly ports: BrokerWatchPorts) {
    this.owned.add(ports.onDidFocus(() => this.lookIn(0)));
    this.owned.add(
      ports.link.onDidChangeState(({ state }) => {
        if (state === 'lost' || state === 'idle') this.lookIn(lookAgainMs);
      }),
    );
  }

  /** Begins to watch; where that is not possible, coming back to the window has to do. */
  async begin(): Promise<void> {
    try {
      await ensurePrivateDir(this.ports.recordDirectory);
      if (this.owned.isDisposed) return;
      const watcher: FSWatcher = watch(this.ports.recordDirectory, { persistent: false }, () => this.lookIn(settleMs));
      watcher.on('error', (error) => this.cannotWatch(error));
      this.owned.add(toDisposable(() => watcher.close()));
    } catch (error) {
      this.cannotWatch(error);
    }
  }

  dispose(): void {
    this.timer?.dispose();
    this.owned.dispose();
  }

  private lookIn(delayMs: number): void {
    if (this.isConnected() || this.owned.isDisposed) return;
    this.timer?.dispose();
    this.timer = this.ports.clock.setTimer(delayMs, () => {
      if (this.isConnected()) return;
      this.ports.link.connectExisting().catch((error: unknown) => this.ports.logger.log('debug', errorMessage(error)));
    });
  }

  private isConnected(): boolean {
    return this.ports.link.state === 'connected' || this.ports.link.state === 'connecting';
  }

  private cannotWatch(error: unknown): void {
    this.ports.logger.log('debug', `brokers of other windows are found late: ${errorMessage(error)}`);
  }
}
