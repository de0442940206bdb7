/** Sends requests that arrive about when a sleep is decided, and counts those that get no answer. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { BrokerHarness } from '../../support/brokerHarness';
import { hostileProgram } from '../../support/hostileProgram';
import { waitUntil } from '../../support/waitUntil';
import { head } from './clients';

const idleTimeoutMs = 120;
/** Requests come from the deadline on, up to so long after it. */
const latestMs = 120;
/** A loaded machine begins countdowns anew. */
const mostPatienceMs = 3_000;
/** A backend that is woken again and again gets a longer timeout; a stop takes that back. */
const roundsBetweenStops = 5;

export interface RacePlan {
  readonly backends: number;
  readonly roundsEach: number;
}

export interface RaceOutcome {
  readonly sent: number;
  readonly lost: readonly string[];
  /** How often a sleep was begun, kept or not: a race that nobody ran proves nothing. */
  readonly sleeps: number;
}

export async function raceVerdicts(b: BrokerHarness, { backends, roundsEach }: RacePlan): Promise<RaceOutcome> {
  const names = Array.from({ length: backends }, (_, index) => `s${index}`);
  const api = {
    command: hostileProgram('inUse.mjs', 'http'),
    port: 'auto',
    gateway: true,
    ready: { http: '/' },
    activity: { cpu: false },
    idleTimeout: `${idleTimeoutMs}ms`,
  };
  let sleeps = 0;
  const counting = b.link.onBackendsChanged(({ changed }) => {
    sleeps += changed.filter(({ state }) => state === 'draining' || state === 'quiesced').length;
  });
  try {
    await b.declare(Object.fromEntries(names.map((name) => [name, api])));
    const lost = await Promise.all(names.map((name, index) => race(b, name, { roundsEach, phase: index / backends })));
    return { sent: backends * roundsEach, lost: lost.flat(), sleeps };
  } finally {
    counting.dispose();
  }
}

interface Lane {
  readonly roundsEach: number;
  /** 0 to 1: so that the lanes together cover the whole range of moments. */
  readonly phase: number;
}

async function race(b: BrokerHarness, name: string, { roundsEach, phase }: Lane): Promise<readonly string[]> {
  const lost: string[] = [];
  for (let round = 0; round < roundsEach; round++) {
    if (round % roundsBetweenStops === 0) {
      await b.stop(name);
      await b.start(name);
    }
    const part = (round / roundsEach + phase) % 1;
    const timeoutMs = b.view(name).idle?.idleTimeoutMs ?? idleTimeoutMs;
    const dueMs = performance.now() + timeoutMs;
    // Half of them by the clock; half from the moment on at which it is told that the sleep is being decided.
    const byClock = round % 2 === 0;
    const lastMs = byClock ? dueMs : dueMs + mostPatienceMs;
    await waitUntil('the deadline', () => performance.now() >= lastMs || (!byClock && !isReady(b, name)), 30_000);
    const atMs = performance.now() + part * latestMs;
    await waitUntil('the moment', () => performance.now() >= atMs, 30_000);
    const { state } = b.view(name);
    const said = await ask(b.view(name).publicPort ?? 0).catch(String);
    if (!said.startsWith('HTTP/1.1 200 ')) lost.push(`${name} round ${round}, ${state}: ${said.slice(0, 300)}`);
  }
  return lost;
}

function isReady(b: BrokerHarness, name: string): boolean {
  return b.view(name).state === 'ready';
}

/** What came back until the connection was closed. */
async function ask(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (data) => (said += data.toString('latin1')));
  socket.write(head('GET', '/', { connection: 'close' }));
  await once(socket, 'close');
  return said;
}
