/**
 * The public port of a run that was taken over. While no broker ran somebody else may have taken it: the row then says that
 * the backend is not reached, and the port is tried for, ever more rarely, until it is ours or the run is over.
 */
import type { Disposable } from '../base/lifecycle';
import type { BackendRecord } from './backendRecord';
import * as failures from './failures';
import type { Launch } from './launch';
import type { BrokerPorts } from './ports';

/** Nothing tells when a port gets free. The last one repeats. */
const pausesMs = [1_000, 2_000, 5_000, 10_000, 30_000];

export class PortTakeBack implements Disposable {
  private timer: Disposable | undefined;
  private disposed = false;

  constructor(
    private readonly record: BackendRecord,
    private readonly ports: BrokerPorts,
    private readonly take: (launch: Launch) => Promise<boolean>,
  ) {}

  /** Whether the port is ours after the first try. */
  async try(launch: Launch, attempt = 0): Promise<boolean> {
    const { record, ports } = this;
    const isOurs = await this.take(launch).catch(() => false);
    if (this.disposed) return isOurs;
    if (isOurs) record.markReached();
    else {
      if (attempt === 0) void this.tellHolder(launch);
      this.timer = ports.clock.setTimer(pausesMs[Math.min(attempt, pausesMs.length - 1)] ?? 0, () => {
        if (this.isWanted(launch)) void this.try(launch, attempt + 1);
      });
    }
    // Whatever became of the backend meanwhile, its gateway follows.
    record.changed();
    return isOurs;
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
  }

  /** Another start takes it for itself. */
  private isWanted(launch: Launch): boolean {
    const { live, lastLaunch, state, unreached } = this.record;
    const sleepsUnreached = state === 'quiesced' && lastLaunch === launch && unreached !== undefined;
    return !this.disposed && (live?.launch === launch || sleepsUnreached);
  }

  private async tellHolder(launch: Launch): Promise<void> {
    const { record, ports } = this;
    const port = launch.publicPort ?? 0;
    const holder = await ports.net.findHolder(port).catch(() => undefined);
    const who = holder === undefined ? 'another process' : record.shown(failures.holderWords(holder));
    const words = `port ${port} of its gateway was taken by ${who}; it is taken back as soon as it is free`;
    ports.logger.log('warn', `${record.key}: ${words}`);
    if (this.isWanted(launch)) record.markUnreached(words);
  }
}
