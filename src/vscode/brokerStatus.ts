import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import type { BrokerLink, LinkStateChange } from '../protocol/brokerLink';
import type { BackendStore } from './backendStore';
import type { StatusBar } from './statusBar';

const inProcessNotice =
  "The broker runs inside this window's extension host: backends end with the window, also when it is reloaded.";

/** Says what happens to the broker, once and quietly; the next request starts a new one. */
export class BrokerStatus implements Disposable {
  private readonly owned = new DisposableStore();
  private saidInProcess = false;

  constructor(
    private readonly link: Pick<BrokerLink, 'onDidChangeState' | 'inProcess'>,
    private readonly store: BackendStore,
    private readonly statusBar: StatusBar,
    private readonly logger: Logger,
  ) {
    this.owned.add(link.onDidChangeState((change) => this.changed(change)));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private changed({ state, reason }: LinkStateChange): void {
    if (state === 'connected') this.connected();
    if (state === 'idle') this.store.brokerLost(reason ?? 'The broker has ended.');
    if (state === 'lost') this.lost(reason ?? 'The broker ended unexpectedly.');
  }

  private connected(): void {
    this.statusBar.setNotice(this.link.inProcess ? inProcessNotice : undefined);
    if (!this.link.inProcess || this.saidInProcess) return;
    this.saidInProcess = true;
    this.logger.log('info', inProcessNotice);
  }

  private lost(reason: string): void {
    this.logger.log('error', `${reason} The next start begins a new one.`);
    this.store.brokerLost(reason);
    this.statusBar.setNotice(`${reason} The next start begins a new one.`);
    vscode.window.setStatusBarMessage(`$(warning) Local Backends: ${reason}`, 10_000);
  }
}
