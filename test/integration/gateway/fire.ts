/** Clients that ask all the time while their backend is put to sleep again and again. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerHarness } from '../../support/brokerHarness';
import { get, type Asked } from '../../support/gatewayClients';
import { waitUntil } from '../../support/waitUntil';

export interface FirePlan {
  readonly clients: number;
  /** `kept`: each on one connection for as long as it lasts; `fresh`: each time on another. */
  readonly connections: 'kept' | 'fresh';
  readonly requests: number;
  /** Processes that have to be replaced by another. */
  readonly stops: number;
  /** From the moment all were served to the next forced sleep. */
  readonly pauseMs: number;
  /** Of each client between two requests, at most. */
  readonly thinkMs: number;
}

export interface FireResult {
  readonly requests: number;
  readonly stops: number;
  readonly failed: readonly string[];
}

export const fireBackends = [
  [
    'dies at once',
    `
const http = require('node:http');
http.createServer((request, response) => setTimeout(() => response.end('hello from ' + process.pid), 5))
  .listen(Number(process.env.PORT), '127.0.0.1');
`,
  ],
  [
    'closes its server first',
    `
const http = require('node:http');
const server = http.createServer((request, response) => setTimeout(() => response.end('hello from ' + process.pid), 5));
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`,
  ],
] as const;

/** Declares it as "api" and starts it; resolves to its public port. */
export async function startFireBackend(b: BrokerHarness, source: string): Promise<number> {
  b.write('server.cjs', source);
  await b.declare({ api: { command: ['node', 'server.cjs'], port: 'auto', gateway: true, ready: { http: '/' } } });
  return (await b.start('api')).publicPort ?? 0;
}

/** Every answer has to be the backend's own. */
export async function sleepUnderFire(b: BrokerHarness, port: number, plan: FirePlan): Promise<FireResult> {
  const failed: string[] = [];
  const pids = new Set<string>();
  const servedBy: number[] = Array.from({ length: plan.clients }, () => 0);
  let requests = 0;
  let over = false;
  const client = async (_: unknown, index: number): Promise<void> => {
    const agent = new Agent({ keepAlive: plan.connections === 'kept', maxSockets: 1 });
    while (!over) {
      const body = await answerTo(port, { agent }, failed);
      if (body !== undefined) pids.add(body);
      requests++;
      servedBy[index] = (servedBy[index] ?? 0) + 1;
      if (plan.thinkMs > 0) await sleep(Math.random() * plan.thinkMs);
    }
    agent.destroy();
  };
  const all = servedBy.map(client);
  try {
    while (failed.length === 0 && (pids.size <= plan.stops || requests < plan.requests)) {
      const before = [...servedBy];
      const allServed = (): boolean => servedBy.every((count, index) => count > (before[index] ?? 0));
      await waitUntil('every client to be served', () => allServed() || failed.length > 0, 30_000);
      if (plan.pauseMs > 0) await sleep(plan.pauseMs);
      // Under fire it may be awake again before this is told.
      await b.sleepNow('api').catch(() => {});
    }
  } finally {
    over = true;
    await Promise.all(all);
  }
  return { requests, stops: pids.size - 1, failed };
}

/** So many clients at once on a sleeping port, or spread over `overMs`. */
export async function wakeByMany(b: BrokerHarness, port: number, clients: number, overMs: number): Promise<FireResult> {
  await b.sleepNow('api');
  const failed: string[] = [];
  await Promise.all(
    Array.from({ length: clients }, async (_, index) => {
      if (overMs > 0) await sleep((index / clients) * overMs);
      await answerTo(port, { agent: new Agent() }, failed);
    }),
  );
  return { requests: clients, stops: 1, failed };
}

async function answerTo(port: number, asked: Asked, failed: string[]): Promise<string | undefined> {
  const { status, body } = await get(port, '/', asked).catch((error: unknown) => ({ status: 0, body: String(error) }));
  if (status === 200) return body;
  failed.push(`${status} ${body}`);
  return undefined;
}
