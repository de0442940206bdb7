/** Many backends, many hands, and a judge that never sleeps: what a broker is to bear for hours, in minutes. */
import type { BrokerHarness } from '../../test/support/brokerHarness';
import { BackendFailure } from '../../src/protocol/backendFailure';
import { leashOf } from '../../test/support/faultScenario';
import { processFacts } from '../../test/support/processFacts';
import type { TestWindow } from '../../test/support/testWindow';
import { waitUntil } from '../../test/support/waitUntil';
import type { Member } from './fleet';
import type { Random } from './random';
import { livingBroker } from './judge';
import { ask } from './traffic';

type Deed =
  'start' | 'stop' | 'restart' | 'sleepNow' | 'crash' | 'reload' | 'edit' | 'killBroker' | 'killLeash' | 'freeze';

const weights: Readonly<Record<Deed, number>> = {
  ...{
    start: 40,
    stop: 12,
    restart: 8,
    sleepNow: 20,
    crash: 6,
    reload: 6,
    edit: 4,
    killBroker: 1.5,
    killLeash: 1,
    freeze: 1.5,
  },
};

export class Soak {
  readonly faults: string[] = [];
  readonly done: Partial<Record<Deed | 'request' | 'excused', number>> = {};
  /** The broker is left alone: it is to be seen growing or not. */
  spareBroker = false;
  private readonly windows: TestWindow[] = [];
  private readonly busy = new Set<string>();
  /** Backends behind a gateway that must answer: a number that changes with everything that may cut a request off. */
  private readonly served = new Map<string, number>();
  private epochs = 0;
  private readonly underWay = new Set<Promise<void>>();
  private kills = 0;
  private withheld: string | undefined;

  constructor(
    private readonly harness: BrokerHarness,
    private readonly members: readonly Member[],
    private readonly random: Random,
    private readonly print: (line: string) => void,
  ) {}

  async open(): Promise<void> {
    for (let window = 0; window < 2; window++) await this.openWindow();
    for (const member of this.members) {
      await this.anyWindow().start(member.name);
      this.serves(member);
    }
  }

  /** All windows are closed. */
  close(): void {
    for (const { link } of this.windows.splice(0)) link.dispose();
  }

  /** What a window was told last; undefined while something is done to it. */
  settledState(name: string): string | undefined {
    if (this.busy.has(name) || this.busy.has('broker') || name === this.withheld) return undefined;
    return this.windows[0]?.views.get(this.windows[0].key(name))?.state;
  }

  /** One deed at most for each backend at a time; requests come on top. */
  step(): void {
    const deed = this.random.choose(weights);
    const member = this.random.pick(this.members);
    if (member !== undefined) this.launch(this.deed(deed, member), deed);
    for (let request = this.random.below(4); request > 0; request--) this.launch(this.request(), 'request');
  }

  async settle(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private launch(work: Promise<boolean>, what: Deed | 'request'): void {
    const running = work
      .then((done) => {
        if (done) this.done[what] = (this.done[what] ?? 0) + 1;
      })
      .catch((error: unknown) => this.fault(`${what}: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => this.underWay.delete(running));
    this.underWay.add(running);
  }

  private fault(text: string): void {
    this.faults.push(text);
    this.print(`  ✘ ${new Date().toISOString()} ${text}`);
  }

  private async deed(deed: Deed, member: Member): Promise<boolean> {
    switch (deed) {
      case 'reload':
        return this.alone('windows', () => this.reload());
      case 'edit':
        return this.alone('windows', () => this.edit(member));
      case 'killBroker':
      case 'killLeash':
      case 'freeze':
        if (this.spareBroker) return false;
        return this.alone('broker', () => this.hurtBroker(deed));
      default:
        if (member.name === this.withheld) return false;
        return this.alone(member.name, () => this.toBackend(deed, member));
    }
  }

  private async alone(what: string, work: () => Promise<void>): Promise<boolean> {
    if (this.busy.has(what)) return false;
    this.busy.add(what);
    try {
      await work();
      return true;
    } finally {
      this.busy.delete(what);
    }
  }

  private async toBackend(deed: Deed, member: Member): Promise<void> {
    const { name } = member;
    const before = this.busy.has('broker') ? -1 : this.kills;
    const window = this.anyWindow();
    try {
      if (deed !== 'start' && deed !== 'sleepNow') this.served.delete(name);
      const isUp = await this.wish(deed, name, window);
      // The answer may be the last word of a broker that was killed since.
      if (isUp && this.kills === before) this.serves(member);
    } catch (error) {
      // It came into use in this moment.
      if (deed === 'sleepNow' && isCancelled(error)) return;
      // A broker that was killed, or a window that was reloaded, takes the answer with it.
      if (this.kills === before && this.windows.includes(window))
        throw new Error(`${deed} ${name}: ${String(error)}`, { cause: error });
      this.served.delete(name);
    }
  }

  /** Whether it is to answer from now on. */
  private async wish(deed: Deed, name: string, window: TestWindow): Promise<boolean> {
    switch (deed) {
      case 'sleepNow':
        if (this.served.has(name) && window.views.get(window.key(name))?.state === 'ready') await window.sleepNow(name);
        return false;
      case 'stop':
        await window.stop(name);
        return false;
      case 'crash':
        await this.crash(name);
        return false;
      case 'restart':
        await window.restart(name);
        return true;
      default:
        await window.start(name);
        return true;
    }
  }

  private serves({ name, port }: Member): void {
    if (port !== undefined) this.served.set(name, ++this.epochs);
  }

  private async crash(name: string): Promise<void> {
    const pid = this.windows[0]?.views.get(this.windows[0].key(name))?.pid;
    if (pid === undefined || processFacts(pid) === undefined) return;
    process.kill(pid, 'SIGKILL');
    await waitUntil(`${name} to be seen dead`, () =>
      this.windows.some((window) => window.views.get(window.key(name))?.pid !== pid),
    );
  }

  private async request(): Promise<boolean> {
    const member = this.random.pick(this.members.filter(({ name }) => this.served.has(name)));
    if (member?.port === undefined) return false;
    const epoch = this.served.get(member.name);
    const answer = await ask(member.port, this.random);
    if (answer.kind === 'answered' && answer.text.startsWith(member.name)) return true;
    if (this.served.get(member.name) === epoch) {
      const { kind, text } = answer;
      const state = this.settledState(member.name) ?? 'something is done to it';
      throw new Error(`${member.name} on ${member.port}: ${kind} ${text.slice(0, 200)} (${state})`);
    }
    this.done.excused = (this.done.excused ?? 0) + 1;
    return true;
  }

  private async hurtBroker(deed: 'killBroker' | 'killLeash' | 'freeze'): Promise<void> {
    const pid = livingBroker(this.harness);
    if (pid === 0) return;
    if (deed === 'freeze') {
      process.kill(pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 300 + this.random.below(2_000)));
      process.kill(pid, 'SIGCONT');
      return;
    }
    if (deed === 'killLeash') {
      const leash = leashOf(pid);
      if (leash !== undefined) process.kill(leash, 'SIGKILL');
      return;
    }
    this.served.clear();
    this.kills += 1;
    const known = this.harness.brokerPids.length;
    process.kill(pid, 'SIGKILL');
    // Links that have not noticed yet still call themselves connected: a broker that was started tells that they have.
    const isBack = (): boolean => this.windows.every(({ link }) => link.state === 'connected' || link.state === 'lost');
    await waitUntil('another broker', () => this.harness.brokerPids.length > known && isBack(), 30_000);
    // A window that saw too many of them go waits for somebody to ask for something.
    for (const window of this.windows)
      if (window.link.state === 'lost') await window.details(this.shown()[0]?.name ?? '');
    // What was asleep is stopped now, and nobody knows from outside what answers: all are asked for again.
    this.served.clear();
  }

  private async reload(): Promise<void> {
    const [old] = this.windows.splice(this.random.below(this.windows.length), 1);
    const work = this.openWindow();
    old?.link.dispose();
    await work;
  }

  private async edit(member: Member): Promise<void> {
    if (this.busy.has(member.name)) return;
    this.withheld = this.withheld === undefined ? member.name : undefined;
    if (this.withheld !== undefined) this.served.delete(this.withheld);
    for (const window of this.windows) await this.declare(window);
  }

  /** A broker that is killed takes the answer with it, and the next one is told anew. */
  private async declare(window: TestWindow): Promise<void> {
    const before = this.kills;
    await window.declare(this.declared()).catch((error: unknown) => {
      if (this.kills === before && !this.busy.has('broker')) throw error;
    });
  }

  private async openWindow(): Promise<void> {
    const window = this.harness.window();
    await this.declare(window);
    this.windows.push(window);
  }

  private declared(): Record<string, object> {
    return Object.fromEntries(this.shown().map(({ name, definition }) => [name, definition]));
  }

  private shown(): readonly Member[] {
    return this.members.filter(({ name }) => name !== this.withheld);
  }

  private anyWindow(): TestWindow {
    const window = this.random.pick(this.windows);
    if (window === undefined) throw new Error('no window');
    return window;
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof BackendFailure && error.code === 'cancelled';
}
