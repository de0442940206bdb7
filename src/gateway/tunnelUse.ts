/** Use of a connection that was HTTP and became something else, such as a WebSocket: for as long as it is open. */
import type { Disposable } from '../base/lifecycle';
import type { ConnectionHost, Lease } from './connectionHost';
import type { InFlight } from './inFlight';

export class TunnelUse implements Disposable {
  private lease: Lease | undefined;
  private isWebSocket = false;

  constructor(private readonly host: Pick<ConnectionHost, 'end' | 'becomesStream'>) {}

  /** Undefined: what was no HTTP after all. */
  begin(request: InFlight | undefined): void {
    if (request === undefined) return;
    const { head, switches, lease } = request;
    this.isWebSocket = head.method !== 'CONNECT' && switches;
    this.lease = lease && this.host.becomesStream(lease, 'webSocket', head);
  }

  /** Half of a WebSocket is none; in any other tunnel an answer may be to come. */
  clientEnded(): void {
    if (this.isWebSocket) this.dispose();
  }

  dispose(): void {
    if (this.lease !== undefined) this.host.end(this.lease);
    this.lease = undefined;
  }
}
