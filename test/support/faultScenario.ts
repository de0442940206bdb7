/** One scenario of the faults ring: a broker of its own, and the oracle that judges what is left of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, BrokerHarness } from './brokerHarness';
import { hostileProgram } from './hostileProgram';
import { processFacts } from './processFacts';
import { assertNothingLeft, openOracle, type Oracle } from './oracle';
import { waitUntil } from './waitUntil';

/** How often races are run: few in the ring, many where `LOCAL_BACKENDS_FAULT_ROUNDS` asks for it. */
export function rounds(inTheRing: number): number {
  const asked = Number(process.env['LOCAL_BACKENDS_FAULT_ROUNDS'] ?? '');
  return Number.isInteger(asked) && asked > 0 ? asked : inTheRing;
}

export class FaultScenario {
  readonly broker: BrokerHarness;
  private readonly oracle: Oracle;

  /** `script`: of the broker; default: the real one. */
  constructor(graceMs: number, script?: string) {
    this.broker = new BrokerHarness({ reconnectGraceMs: graceMs }, script);
    this.oracle = openOracle(this.broker.root);
  }

  /** This many backends that do nothing, ready; answers their pids. */
  async startIdle(count: number): Promise<number[]> {
    const names = Array.from({ length: count }, (_, index) => `idle${index}`);
    await this.broker.declare(Object.fromEntries(names.map((name) => [name, idleBackend])));
    const views = await Promise.all(names.map((name) => this.broker.start(name)));
    return views.map(({ pid = 0 }) => pid);
  }

  /** The leash of the newest broker. */
  async leashPid(): Promise<number> {
    return waitUntil('the leash', () => leashOf(this.broker.brokerPid ?? 0));
  }

  killBroker(): void {
    process.kill(this.broker.brokerPid ?? 0, 'SIGKILL');
  }

  /** Resolves when the killed broker is replaced. */
  async replaceBroker(): Promise<void> {
    const first = this.broker.brokerPid;
    this.killBroker();
    await waitUntil('a new broker', () => this.broker.brokerPid !== first && this.broker.link.state === 'connected');
  }

  /** What the records of all brokers hold by now. */
  records(): string[] {
    const runs = join(this.broker.stateDir, 'runs');
    return readdirSync(runs, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file) => readOrEmpty(join(runs, file)));
  }

  /** Nobody is there any more who would start another broker. */
  leave(): void {
    this.broker.link.dispose();
  }

  async nothingLeft(withinMs = 20_000): Promise<void> {
    await assertNothingLeft(this.oracle, withinMs);
  }

  survivors(): string[] {
    return this.oracle.survivors();
  }

  async close(): Promise<void> {
    try {
      // The grace is for windows that come back.
      for (const pid of this.broker.brokerPids.filter(isAlive)) process.kill(pid, 'SIGTERM');
      await this.broker.dispose();
      await this.nothingLeft();
    } finally {
      this.oracle.close();
    }
  }
}

export const idleBackend = { command: hostileProgram('neverListens.mjs'), ready: 'none' };

/** For how long the leash waits where another broker comes: on a loaded machine that takes many seconds. */
export const patientMs = 20_000;

/** One scenario for each test of the surrounding suite, from when it is first asked for; after it, the oracle must find nothing. */
export function useFaultScenario(usualGraceMs = 3_000, script?: string): (graceMs?: number) => FaultScenario {
  let scenario: FaultScenario | undefined;
  afterEach(async () => {
    await scenario?.close();
    scenario = undefined;
  });
  return (graceMs = usualGraceMs) => (scenario ??= new FaultScenario(graceMs, script));
}

/** A record, or a process, may go while it is looked at. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Undefined while it has none. */
export function leashOf(broker: number): number | undefined {
  return childrenOf(broker).find(isLeash);
}

/** Any of those looked at may go meanwhile. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((child) => child > 0 && isAlive(child) && processFacts(child)?.parent === pid);
}

function isLeash(pid: number): boolean {
  return readOrEmpty(`/proc/${pid}/cmdline`).includes('local-backends-leash');
}
