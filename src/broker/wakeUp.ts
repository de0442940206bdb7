/** Brings a sleeping backend up for a client: starts it, and tells who it was. */
import { errorMessage } from '../base/errors';
import type { Waker } from '../gateway/gatewayEvents';
import type { BackendKey } from '../model/backendDefinition';
import type { BackendRecord } from './backendRecord';
import type { BrokerPorts } from './ports';
import type { StartRequest } from './startRequest';

export interface WakeHost {
  start(key: BackendKey, request: StartRequest): Promise<void>;
  isTrusted(record: BackendRecord): boolean;
}

export class WakeUp {
  constructor(
    private readonly ports: BrokerPorts,
    private readonly host: WakeHost,
  ) {}

  async wake(record: BackendRecord, waker: Waker): Promise<void> {
    const cause = `woken by ${waker.words}`;
    const trusted = this.host.isTrusted(record);
    const woken = this.host.start(record.key, { origin: 'wake', environment: {}, trusted, cause });
    void this.nameWaker(record, cause, waker).catch((error: unknown) =>
      this.ports.logger.log('warn', errorMessage(error)),
    );
    await woken;
  }

  /** Who it was takes a look at every process: the wake does not wait for that. */
  private async nameWaker(record: BackendRecord, cause: string, waker: Waker): Promise<void> {
    const client = await this.ports.net.clientOf(waker.port, record.publicPort ?? 0);
    const known = client === undefined ? cause : `${cause} (${client.name}, pid ${client.pid})`;
    this.ports.logger.log('info', `${record.key} is ${known}`);
    record.amendCause(cause, known);
  }
}
