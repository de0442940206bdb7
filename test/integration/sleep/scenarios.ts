/**
 * Ways of being used or not, and the right answer to each. "Right" follows from what use is: somebody waits for
 * an answer, listens to a stream, works, or asked to keep it awake. Where the connection table cannot tell the
 * difference, a backend without a gateway stays awake rather than lose somebody.
 */
import type { Disposable } from '../../../src/base/lifecycle';
import { hostileProgram } from '../../support/hostileProgram';
import { waitUntil } from '../../support/waitUntil';
import { head, pingFrame, textFrame, webSocketHead, type Clients } from './clients';

export type Answer = 'awake' | 'asleep';

export interface ScenarioWorld {
  readonly clients: Clients;
  /** What the backend has printed. */
  readonly printed: () => string;
  readonly remainingMs: () => Promise<number>;
  readonly hold: (kind: 'api' | 'debug' | 'task', reason: string) => Disposable;
  readonly keepAwake: () => Promise<unknown>;
}

export interface Scenario {
  readonly name: string;
  readonly right: Answer;
  /** Without a gateway, where it differs: what the connection table cannot tell. */
  readonly observed?: Answer;
  readonly definition?: object;
  readonly use?: (world: ScenarioWorld) => unknown;
}

const program = (mode: string): object => ({ command: hostileProgram('inUse.mjs', mode) });
const raw = { ...program('raw'), ready: { tcp: true } };
const [node = '', script = ''] = hostileProgram('inUse.mjs');

export const scenarios: readonly Scenario[] = [
  { name: 'never visited', right: 'asleep' },
  {
    name: 'burst, then silence',
    right: 'asleep',
    use: async ({ clients }) => {
      for (let burst = 0; burst < 20; burst++) await clients.request();
    },
  },
  {
    name: 'long request without a byte',
    right: 'awake',
    use: ({ clients }) => clients.send(head('GET', '/silent'), false),
  },
  {
    name: 'slow upload',
    right: 'awake',
    use: async ({ clients }) => {
      const socket = await clients.send(head('POST', '/upload', { 'content-length': '1000000' }), false);
      clients.every(300, () => socket.write('x'));
    },
  },
  {
    name: 'streaming download',
    right: 'awake',
    use: ({ clients }) => clients.send(head('GET', '/download'), true),
  },
  {
    name: 'event stream with rare events',
    right: 'awake',
    use: ({ clients }) => clients.send(head('GET', '/events'), true),
  },
  {
    name: 'WebSocket with pings only',
    right: 'awake',
    use: async ({ clients }) => {
      const socket = await clients.webSocket('chat');
      clients.every(300, () => socket.write(pingFrame));
    },
  },
  {
    name: 'WebSocket with pings only, openStreams: ignore',
    right: 'asleep',
    observed: 'awake',
    definition: { activity: { cpu: false, openStreams: 'ignore' } },
    use: async ({ clients }) => {
      const socket = await clients.webSocket('chat');
      clients.every(300, () => socket.write(pingFrame));
    },
  },
  {
    name: "Vite's reconnect ping",
    right: 'asleep',
    observed: 'awake',
    use: ({ clients }) =>
      clients.every(300, async () => {
        const socket = await clients.open();
        socket.end(webSocketHead('vite-ping'));
      }),
  },
  { name: 'idle keep-alive connection', right: 'asleep', observed: 'awake', use: ({ clients }) => clients.keepAlive() },
  {
    name: 'health checker',
    right: 'asleep',
    observed: 'awake',
    use: ({ clients }) => clients.every(300, () => clients.request('/health')),
  },
  {
    name: 'ignored agent',
    right: 'asleep',
    observed: 'awake',
    use: ({ clients }) => clients.every(300, () => clients.request('/', { 'user-agent': 'kube-probe/1.30' })),
  },
  {
    name: 'short requests on new connections',
    right: 'awake',
    use: ({ clients }) => clients.every(600, () => clients.request()),
  },
  {
    name: 'a request shortly before each deadline',
    right: 'awake',
    use: ({ clients, remainingMs }) =>
      clients.every(25, async () => {
        if ((await remainingMs()) < 700) await clients.request();
      }),
  },
  { name: 'spare connection without a byte', right: 'asleep', observed: 'awake', use: ({ clients }) => clients.open() },
  {
    name: 'port check: connect and close',
    right: 'asleep',
    observed: 'awake',
    use: ({ clients }) => clients.every(300, async () => (await clients.open()).end()),
  },
  {
    name: 'idle database pool',
    right: 'asleep',
    observed: 'awake',
    definition: raw,
    use: ({ clients }) => clients.send('query\n', true),
  },
  {
    name: 'query without an answer yet (raw TCP)',
    right: 'awake',
    definition: raw,
    use: ({ clients }) => clients.send('slow query\n', false),
  },
  {
    name: 'CPU job without traffic',
    right: 'awake',
    definition: { activity: { cpu: true } },
    use: ({ clients }) => clients.request('/work'),
  },
  {
    name: 'debugger attached and paused',
    right: 'awake',
    definition: { command: [node, '--inspect=127.0.0.1:0', script, 'http'] },
    use: ({ clients, printed }) => pauseInDebugger(clients, printed),
  },
  { name: 'debug session', right: 'awake', use: ({ hold }) => Promise.resolve(hold('debug', 'debug session Launch')) },
  { name: 'held by another extension', right: 'awake', use: ({ hold }) => Promise.resolve(hold('api', 'tests')) },
  { name: 'kept awake by the person', right: 'awake', use: ({ keepAwake }) => keepAwake() },
  { name: 'needed by a running dependent', right: 'awake' },
  {
    name: 'prints, and output counts',
    right: 'awake',
    definition: { ...program('prints'), activity: { cpu: false, logs: true } },
  },
  { name: 'prints, and output does not count', right: 'asleep', definition: program('prints') },
  { name: 'talks to itself', right: 'asleep', definition: program('selfTalk') },
  {
    name: 'used through its second port',
    right: 'awake',
    definition: program('secondPort'),
    use: async ({ clients, printed }) => clients.open(await printedNumber(printed, /second port (\d+)/)),
  },
];

async function printedNumber(printed: () => string, pattern: RegExp): Promise<number> {
  return Number(await waitUntil(`it to print ${String(pattern)}`, () => pattern.exec(printed())?.[1]));
}

async function pauseInDebugger(clients: Clients, printed: () => string): Promise<void> {
  const port = await printedNumber(printed, /ws:\/\/127\.0\.0\.1:(\d+)\//);
  const path = /ws:\/\/127\.0\.0\.1:\d+(\/\S+)/.exec(printed())?.[1] ?? '/';
  const socket = await clients.open(port);
  let answers = '';
  socket.on('data', (data) => (answers += data.toString('latin1')));
  socket.write(webSocketHead().replace('/socket', path));
  await waitUntil('the debugger to answer', () => answers.includes('101 '));
  socket.write(textFrame('{"id":1,"method":"Debugger.enable"}'));
  socket.write(textFrame('{"id":2,"method":"Debugger.pause"}'));
  await waitUntil('the debugger to agree', () => answers.includes('"id":2'));
}
