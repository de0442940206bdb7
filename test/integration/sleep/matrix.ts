/** Puts every scenario before a real broker at once, and tells what it makes of each. */
import { readFileSync } from 'node:fs';
import { DisposableStore, toDisposable, type Disposable } from '../../../src/base/lifecycle';
import { requests } from '../../../src/protocol/messages';
import type { BrokerHarness } from '../../support/brokerHarness';
import { hostileProgram } from '../../support/hostileProgram';
import { waitUntil } from '../../support/waitUntil';
import { Clients } from './clients';
import { scenarios, type Answer, type Scenario } from './scenarios';

export const idleTimeoutMs = 1_500;
/** One that is in use must have outlived so many idle timeouts. */
export const outlivedTimeouts = 3;
const dependent = 'dependent';
const needed = scenarios.findIndex((scenario) => scenario.name === 'needed by a running dependent');

const nameOf = (index: number): string => `s${index}`;

export class Matrix {
  private readonly owned = new DisposableStore();
  private readonly pids = new Map<string, number | undefined>();
  private readonly slept = new Set<string>();

  constructor(
    private readonly b: BrokerHarness,
    private readonly gateway: boolean,
    /** Where clients of the backend on this port connect to instead. */
    private readonly front: (index: number, port: number) => Promise<number> = (_index, port) => Promise.resolve(port),
  ) {
    this.owned.add(
      b.link.onBackendsChanged(({ changed }) => {
        for (const view of changed) if (view.state === 'quiesced') this.slept.add(view.name);
      }),
    );
  }

  async declare(): Promise<void> {
    const common = {
      command: hostileProgram('inUse.mjs', 'http'),
      port: 'auto',
      ready: { http: '/' },
      idleTimeout: `${idleTimeoutMs}ms`,
      activity: { cpu: false },
      ...(this.gateway ? { gateway: true } : {}),
    };
    const backends = scenarios.map(({ definition }, index) => [nameOf(index), { ...common, ...definition }] as const);
    const web = { ...common, dependsOn: [nameOf(needed)], idleTimeout: 'never' };
    await this.b.declare({ ...Object.fromEntries(backends), [dependent]: web });
  }

  /** All are held until every client is in place, so that a loaded machine cannot put one to sleep before. */
  async begin(): Promise<void> {
    const setUp = scenarios.map((_scenario, index) => this.hold(nameOf(index), 'api', 'the test is set up'));
    await Promise.all([...scenarios.map((scenario, index) => this.use(scenario, index)), this.b.start(dependent)]);
    this.slept.clear();
    for (const hold of setUp) hold.dispose();
  }

  /** What it comes to: asleep once, or awake with the same process over several idle timeouts. */
  async answers(): Promise<Readonly<Record<string, Answer>>> {
    const untilMs = performance.now() + outlivedTimeouts * idleTimeoutMs;
    await waitUntil('several idle timeouts to pass', () => performance.now() >= untilMs, 30_000);
    const wanted = scenarios.flatMap((scenario, index) => (this.right(scenario) === 'asleep' ? [nameOf(index)] : []));
    // Late timers begin countdowns anew: those that must sleep are given time. Who is late shows in the table.
    await waitUntil('them to sleep', () => wanted.every((name) => this.slept.has(name)), 20_000).catch(() => {});
    return Object.fromEntries(scenarios.map(({ name }, index) => [name, this.answerOf(nameOf(index))]));
  }

  expected(): Readonly<Record<string, Answer>> {
    return Object.fromEntries(scenarios.map((scenario) => [scenario.name, this.right(scenario)]));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private right({ right, observed }: Scenario): Answer {
    return this.gateway ? right : (observed ?? right);
  }

  private answerOf(name: string): Answer {
    const { state, pid } = this.b.view(name);
    return !this.slept.has(name) && state === 'ready' && pid === this.pids.get(name) ? 'awake' : 'asleep';
  }

  private hold(name: string, kind: 'api' | 'debug' | 'task', reason: string): Disposable {
    return this.owned.add(this.b.link.hold({ key: this.b.key(name), kind, reason }));
  }

  private async use(scenario: Scenario, index: number): Promise<void> {
    const { b } = this;
    const name = nameOf(index);
    const { publicPort, pid } = await b.start(name);
    this.pids.set(name, pid);
    const clients = new Clients(await this.front(index, publicPort ?? 0));
    this.owned.add(toDisposable(() => clients.dispose()));
    await scenario.use?.({
      clients,
      printed: () => readFileSync(b.logFileOf(name), 'utf8'),
      hold: (kind, reason) => this.hold(name, kind, reason),
      keepAwake: () => b.link.request(requests.keepAwake, { key: b.key(name) }),
      remainingMs: async () => {
        const { sleepsAt } = await b.link.request(requests.details, { key: b.key(name) });
        return sleepsAt === undefined ? Infinity : sleepsAt - Date.now();
      },
    });
  }
}
