/**
 * Watches whether a ready backend still answers. Two ways to know: in its first seconds its listener goes away (it
 * restarts itself), and later a liveness probe fails, where one is declared. Ready is then withdrawn to a mark, until it
 * answers again; nothing is ever ended for it.
 */
import { CancellationSource } from '../base/cancellation';
import { DisposableStore, toDisposable, type Disposable } from '../base/lifecycle';
import { Liveness } from '../model/liveness';
import { SpawnWaitPolicy } from '../model/spawnWait';
import type { BackendRecord, LiveRun } from './backendRecord';
import type { BrokerPorts, Readiness } from './ports';
import { readinessOf } from './readinessOf';
import { SpawnWaitLoop } from './spawnWaitLoop';
import { probedPort } from './startEvidence';

/** Servers that restart themselves do so at once, or on a change of a file; the latter is the liveness probe's. */
const youngMs = 3_000;
/** So long a return is looked for at close range, after that on the schedule alone. */
const closeRangeMs = 30_000;
const defaultTimeoutMs = 5_000;

export class ReadyWatch implements Disposable {
  private readonly store = new DisposableStore();
  private readonly ended = new CancellationSource();
  private lost = false;
  private listener: Disposable | undefined;

  constructor(
    private readonly record: BackendRecord,
    private readonly ports: BrokerPorts,
    private readonly live: LiveRun,
  ) {
    this.store.add(toDisposable(() => this.ended.cancel()));
    this.watchListener();
    this.watchLiveness();
  }

  dispose(): void {
    this.listener?.dispose();
    this.store.dispose();
  }

  private watchListener(): void {
    const port = probedPort(this.live);
    if (port === undefined || this.store.isDisposed) return;
    const untilMs = this.ports.clock.nowMs() + youngMs;
    this.listener?.dispose();
    this.listener = this.ports.net.watchForLoss({
      port,
      untilMs,
      lost: () => void this.bringBack(port).catch(() => {}),
    });
  }

  /** Looks on the schedule of a start until it answers again, and at once when it listens. */
  private async bringBack(port: number): Promise<void> {
    this.lost = true;
    this.record.markNotAnswering('it stopped listening; it may be restarting itself');
    const { clock, net } = this.ports;
    const own = new DisposableStore();
    this.store.add(own);
    const { ready } = this.record.definition;
    // What it printed or said was told once, and would not be again.
    const probes = this.live.launch.probes.filter(({ kind }) => kind !== 'log' && kind !== 'fd');
    const readiness = own.add(readinessOf(this.ports, this.live, { ...ready, probes }));
    const loop: SpawnWaitLoop = new SpawnWaitLoop({
      policy: SpawnWaitPolicy.withHardCeiling(Number.POSITIVE_INFINITY),
      clock,
      cancel: this.ended,
      daemonAlive: () => true,
      probe: (timeoutMs) => readiness.probe(timeoutMs, this.ended),
      onProbe: (probe) => this.record.addProbe(probe),
    });
    const near = own.add(
      net.watchForListener({
        port,
        startedMs: clock.nowMs(),
        waits: () => !loop.isConnected,
        lastLookMs: () => loop.lastLookMs,
        look: (reason) => loop.kick(reason),
      }),
    );
    own.add(clock.setTimer(closeRangeMs, () => own.delete(near)));
    const outcome = await loop.run();
    this.store.delete(own);
    this.lost = false;
    if (outcome.kind !== 'endpointReady') return;
    this.record.markAnswering();
    this.watchListener();
  }

  private watchLiveness(): void {
    const { liveness: probe } = this.live.launch;
    const { liveness } = this.record.definition;
    if (probe === undefined || liveness === undefined) return;
    const definition = { probes: [probe], written: [liveness.probe], withoutProbes: 'none' } as const;
    const readiness = this.store.add(readinessOf(this.ports, this.live, definition));
    const policy = new Liveness(liveness.periodMs);
    this.after(policy.firstLookInMs, () => void this.lookAlive(readiness, policy));
  }

  private async lookAlive(readiness: Readiness, policy: Liveness): Promise<void> {
    const { ok, saw } = await readiness.probe(
      this.record.definition.ready.probeTimeoutMs ?? defaultTimeoutMs,
      this.ended,
    );
    if (this.store.isDisposed) return;
    const { verdict, nextLookInMs } = policy.looked(ok);
    // While it is looked for at close range the nearer look decides.
    if (verdict === 'notAnswering' && !this.lost) this.record.markNotAnswering(`${readiness.describe} → ${saw}`);
    if (verdict === 'answering' && !this.lost) this.record.markAnswering();
    this.after(nextLookInMs, () => void this.lookAlive(readiness, policy));
  }

  private after(delayMs: number, run: () => void): void {
    const timer = this.store.add(
      this.ports.clock.setTimer(delayMs, () => {
        this.store.delete(timer);
        run();
      }),
    );
  }
}
