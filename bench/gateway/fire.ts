/** Requests that are lost when a backend is put to sleep and woken under fire. */
import { BrokerHarness } from '../../test/support/brokerHarness';
import {
  fireBackends,
  sleepUnderFire,
  startFireBackend,
  wakeByMany,
  type FirePlan,
  type FireResult,
} from '../../test/integration/gateway/fire';
import { backendSource } from './backend';

export interface FireSizes {
  readonly stops: number;
  readonly requests: number;
  readonly keptRequests: number;
  readonly bursts: number;
}

export interface FireFigure extends FireResult {
  readonly what: string;
}

const clients = 50;
const bootMs = 300;

export async function measureFire(sizes: FireSizes, print: (line: string) => void): Promise<readonly FireFigure[]> {
  const figures: FireFigure[] = [];
  const add = (what: string, result: FireResult): void => {
    print(`  ${what}: ${result.failed.length} of ${result.requests} failed, ${result.stops} stops`);
    for (const each of result.failed.slice(0, 5)) print(`    ${each.slice(0, 300)}`);
    figures.push({ what, ...result });
  };
  const base = { clients, pauseMs: 700, thinkMs: 60 };
  for (const [what, source] of fireBackends) {
    const fresh: FirePlan = { ...base, connections: 'fresh', requests: sizes.requests, stops: sizes.stops };
    add(`a backend that ${what}`, await fireOnce(source, fresh));
  }
  const [[, source]] = fireBackends;
  const kept: FirePlan = {
    ...base,
    connections: 'kept',
    requests: sizes.keptRequests,
    stops: Math.ceil(sizes.stops / 4),
  };
  add('keep-alive clients over sleeps', await fireOnce(source, kept));
  add(`${clients} at once on a sleeping port`, await burst(sizes.bursts, 0));
  add(`${clients} spread over the boot`, await burst(sizes.bursts, bootMs + 300));
  return figures;
}

async function fireOnce(source: string, plan: FirePlan): Promise<FireResult> {
  const harness = new BrokerHarness();
  try {
    return await sleepUnderFire(harness, await startFireBackend(harness, source), plan);
  } finally {
    await harness.dispose();
  }
}

async function burst(rounds: number, overMs: number): Promise<FireResult> {
  const harness = new BrokerHarness();
  try {
    const port = await startFireBackend(harness, `process.env.BOOT = '${bootMs}';${backendSource}`);
    const results: FireResult[] = [];
    for (let round = 0; round < rounds; round++) results.push(await wakeByMany(harness, port, clients, overMs));
    const sum = (of: (result: FireResult) => number): number => results.reduce((all, result) => all + of(result), 0);
    return {
      requests: sum(({ requests }) => requests),
      stops: sum(({ stops }) => stops),
      failed: results.flatMap(({ failed }) => failed),
    };
  } finally {
    await harness.dispose();
  }
}
