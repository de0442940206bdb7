/** Freezes a broker under live traffic and looks whether it then puts to sleep what was in use all the time. */
import { DisposableStore, toDisposable } from '../../../src/base/lifecycle';
import { requests } from '../../../src/protocol/messages';
import type { BrokerHarness } from '../../support/brokerHarness';
import { hostileProgram } from '../../support/hostileProgram';
import { waitUntil } from '../../support/waitUntil';
import { Clients } from './clients';

const idleTimeoutMs = 1_500;
const requestEveryMs = 200;

export interface StallPlan {
  readonly backends: number;
  /** Length of each freeze. */
  readonly stallsMs: readonly number[];
  readonly gateway: boolean;
}

export interface StallOutcome {
  /** Freezes times backends. */
  readonly judged: number;
  /** Sleeps that began less than an idle timeout after a request had ended. */
  readonly falseIdle: readonly string[];
}

interface Used {
  readonly name: string;
  /** Epoch ms at which each request ended. */
  readonly endedMs: number[];
}

export async function stallBroker(b: BrokerHarness, plan: StallPlan): Promise<StallOutcome> {
  const names = Array.from({ length: plan.backends }, (_, index) => `s${index}`);
  const api = {
    command: hostileProgram('inUse.mjs', 'http'),
    port: 'auto',
    ready: { http: '/' },
    idleTimeout: `${idleTimeoutMs}ms`,
    ...(plan.gateway ? { gateway: true } : {}),
  };
  await b.declare(Object.fromEntries(names.map((name) => [name, api])));
  const owned = new DisposableStore();
  try {
    const used = await Promise.all(names.map((name) => use(b, name, owned)));
    for (const stallMs of plan.stallsMs) await stall(b.brokerPid ?? 0, stallMs, used);
    const falseIdle = await Promise.all(used.map((each) => falseSleeps(b, each)));
    return { judged: plan.stallsMs.length * plan.backends, falseIdle: falseIdle.flat() };
  } finally {
    owned.dispose();
  }
}

async function use(b: BrokerHarness, name: string, owned: DisposableStore): Promise<Used> {
  const { publicPort } = await b.start(name);
  const clients = new Clients(publicPort ?? 0);
  owned.add(toDisposable(() => clients.dispose()));
  const endedMs: number[] = [];
  clients.every(requestEveryMs, async () => {
    await clients.request();
    endedMs.push(Date.now());
  });
  await waitUntil(`${name} to be used`, () => endedMs.length > 2);
  return { name, endedMs };
}

/** Each freeze begins and ends under traffic, and is judged over another idle timeout. */
async function stall(brokerPid: number, stallMs: number, used: readonly Used[]): Promise<void> {
  process.kill(brokerPid, 'SIGSTOP');
  try {
    await pass(stallMs);
  } finally {
    process.kill(brokerPid, 'SIGCONT');
  }
  const counts = used.map(({ endedMs }) => endedMs.length);
  await pass(idleTimeoutMs);
  await waitUntil('traffic after the freeze', () => used.every(({ endedMs }, i) => endedMs.length > (counts[i] ?? 0)));
}

async function pass(ms: number): Promise<void> {
  const untilMs = performance.now() + ms;
  await waitUntil(`${ms} ms to pass`, () => performance.now() >= untilMs, ms + 30_000);
}

async function falseSleeps(b: BrokerHarness, { name, endedMs }: Used): Promise<readonly string[]> {
  const { timeline } = await b.link.request(requests.details, { key: b.key(name) });
  return timeline.flatMap(({ state, at, cause }, index) => {
    if (state !== 'draining' || timeline[index + 1]?.state !== 'quiesced') return [];
    const lastMs = Math.max(...endedMs.filter((ended) => ended <= at));
    // A client that was starved itself has given it a reason.
    return at - lastMs < idleTimeoutMs ? [`${name}: ${cause}, ${at - lastMs} ms after a request`] : [];
  });
}
