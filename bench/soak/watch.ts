/** The invariants of a soak, looked at all the time. */
import { join } from 'node:path';
import type { BrokerHarness } from '../../test/support/brokerHarness';
import type { Oracle } from '../../test/support/oracle';
import { backendsAmong, duplicates, livingBroker, tooLarge, useOf, zombiesOf, type Seen, type Use } from './judge';
import type { Soak } from './soak';

/** 16 MiB and what the pump writes at once. */
const logLimitBytes = 17 * 1024 * 1024;
/** So many looks in a row make a fault of what could be a moment. */
const looks = 4;

export interface Sample extends Use {
  readonly atMs: number;
  readonly broker: number;
}

export class Watch {
  readonly faults: string[] = [];
  readonly samples: Sample[] = [];
  mostAlive = 0;
  /** Suspicion, and how often in a row it was there. */
  private suspected = new Map<string, number>();

  constructor(
    private readonly harness: BrokerHarness,
    private readonly oracle: Oracle,
    private readonly soak: Soak,
  ) {}

  look(): void {
    const seen = backendsAmong(this.oracle.survivors().map((line) => Number.parseInt(line, 10)));
    this.mostAlive = Math.max(this.mostAlive, seen.length);
    this.suspect([...this.doubled(seen), ...this.leaked(seen), ...this.unburied(), ...this.large()]);
    const broker = livingBroker(this.harness);
    const use = useOf(broker);
    if (use !== undefined) this.samples.push({ ...use, atMs: performance.now(), broker });
  }

  private suspect(found: readonly string[]): void {
    const before = this.suspected;
    this.suspected = new Map(found.map((text) => [text, (before.get(text) ?? 0) + 1]));
    for (const [text, times] of this.suspected) if (times === looks) this.faults.push(text);
  }

  private doubled(seen: readonly Seen[]): string[] {
    return duplicates(seen).map((name) => {
      const pids = seen.filter((one) => one.name === name).map(({ pid }) => pid);
      return `${name} runs more than once: ${pids.join(', ')}`;
    });
  }

  private leaked(seen: readonly Seen[]): string[] {
    const over = new Set(['stopped', 'quiesced']);
    return seen
      .filter(({ name }) => over.has(this.soak.settledState(name.replace(':child', '')) ?? ''))
      .map(({ name, pid }) => `${name} runs as ${pid} although it is told to be over`);
  }

  private unburied(): string[] {
    return zombiesOf(livingBroker(this.harness)).map((pid) => `the broker does not bury its child ${pid}`);
  }

  private large(): string[] {
    return tooLarge(join(this.harness.stateDir), logLimitBytes).map((file) => `${file} is too large`);
  }
}
