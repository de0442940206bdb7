import assert from 'node:assert/strict';
import { join } from 'node:path';
import WebSocket from 'ws';
import { useBroker, type BrokerHarness } from '../../support/brokerHarness';
import { useLeakCheck } from '../../support/leakCheck';
import { repositoryRoot } from '../../support/repositoryRoot';
import { waitUntil } from '../../support/waitUntil';

const server = `
const { WebSocketServer } = require('ws');
const server = new WebSocketServer({ port: Number(process.env.PORT), host: '127.0.0.1', path: '/live' });
server.on('connection', (socket) => socket.on('message', (text) => socket.send(process.pid + ' ' + text)));
`;

/** As applications write it: connects again when it was cut off, and sends again what was not confirmed. */
class LiveClient {
  /** Confirmed messages, and the process that confirmed each. */
  readonly confirmed = new Map<number, number>();
  readonly closeCodes: number[] = [];
  private readonly unconfirmed = new Set<number>();
  private socket: WebSocket | undefined;
  private over = false;

  constructor(
    private readonly url: string,
    private readonly comesBack: 'at once' | 'to send',
  ) {}

  send(message: number): void {
    this.unconfirmed.add(message);
    if (this.socket === undefined) this.connect();
    else if (this.socket.readyState === WebSocket.OPEN) this.socket.send(String(message));
  }

  dispose(): void {
    this.over = true;
    this.socket?.terminate();
  }

  private connect(): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('open', () => {
      for (const message of this.unconfirmed) socket.send(String(message));
    });
    socket.on('message', (data: Buffer) => {
      const [pid = 0, message = 0] = data.toString().split(' ').map(Number);
      this.unconfirmed.delete(message);
      this.confirmed.set(message, pid);
    });
    socket.on('close', (code) => {
      this.closeCodes.push(code);
      this.socket = undefined;
      if (!this.over && (this.comesBack === 'at once' || this.unconfirmed.size > 0)) this.connect();
    });
  }
}

describe('a WebSocket client that connects again, behind a gateway', function () {
  this.timeout(60_000);
  const broker = useBroker();
  let client: LiveClient | undefined;
  afterEach(() => client?.dispose());
  useLeakCheck(10_000);

  async function startServer(b: BrokerHarness, more: object): Promise<string> {
    b.write('server.cjs', server);
    const env = { NODE_PATH: join(repositoryRoot, 'node_modules'), AT: '${port}' };
    await b.declare({ live: { command: [process.execPath, 'server.cjs'], env, port: 'auto', ...more } });
    const { publicPort = 0 } = await b.start('live');
    return `ws://127.0.0.1:${publicPort}/live`;
  }

  async function confirms(message: number): Promise<number> {
    const sending = client;
    sending?.send(message);
    return waitUntil(`message ${message} to be confirmed`, () => sending?.confirmed.get(message), 20_000);
  }

  it('loses no message over sleeps that a person asks for, and is seen to be what wakes', async () => {
    const b = broker();
    client = new LiveClient(await startServer(b, { idleTimeout: '5m' }), 'at once');
    const pids = new Set<number>([await confirms(0)]);
    for (let round = 1; round <= 3; round++) {
      await b.sleepNow('live');
      pids.add(await confirms(round));
      const { lastVerdict } = await b.waitFor('live', 'ready');
      assert.match(lastVerdict ?? '', /^woken by GET \/live/);
    }
    assert.equal(pids.size, 4, 'each round was served by a process of its own');
    assert.deepEqual(client.closeCodes, [1006, 1006, 1006], 'cut off as by a server that died: no goodbye for good');
  });

  it('keeps it awake while it is open, unless streams are to be ignored; then the next message wakes', async () => {
    const b = broker();
    client = new LiveClient(await startServer(b, { idleTimeout: '500ms' }), 'to send');
    const first = await confirms(0);
    const held = await b.waitFor(
      'live',
      ({ idle }) => idle?.holds.some(({ reason }) => /WebSocket/.test(reason)) === true,
    );
    const { kind, reason } = held.idle?.holds[0] ?? {};
    assert.deepEqual([kind, reason], ['stream', 'a WebSocket on /live']);
    client.dispose();
    await b.waitFor('live', 'quiesced');
    client = new LiveClient(
      await startServer(b, { idleTimeout: '500ms', activity: { openStreams: 'ignore' } }),
      'to send',
    );
    const second = await confirms(1);
    const { closeCodes } = client;
    await waitUntil('the sleep to cut it off', () => closeCodes.length === 1, 20_000);
    await b.waitFor('live', 'quiesced');
    const third = await confirms(2);
    assert.equal(new Set([first, second, third]).size, 3);
  });
});
