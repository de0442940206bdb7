/** Clients of every kind, as small as they can be: what they send is what the test says, and nothing else. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { DisposableStore, toDisposable } from '../../../src/base/lifecycle';

export class Clients {
  private readonly owned = new DisposableStore();

  constructor(readonly port: number) {}

  /** A connection that stays open until the end. */
  async open(port = this.port): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    this.owned.add(toDisposable(() => socket.destroy()));
    await once(socket, 'connect');
    return socket;
  }

  /** Sends text on a connection that stays open, and waits for the first bytes of an answer when asked to. */
  async send(text: string, waitsForAnswer: boolean): Promise<Socket> {
    const socket = await this.open();
    socket.write(text);
    if (waitsForAnswer) await once(socket, 'data');
    socket.resume();
    return socket;
  }

  /** A request on a keep-alive connection, answered; the connection stays open and idle. */
  async keepAlive(path = '/'): Promise<void> {
    await this.send(head('GET', path), true);
  }

  /** One request on a connection of its own; gone when this resolves. */
  async request(path = '/', headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume().write(head('GET', path, { connection: 'close', ...headers }));
    await once(socket, 'close');
  }

  async webSocket(protocol?: string): Promise<Socket> {
    return this.send(webSocketHead(protocol), true);
  }

  /** Does something again and again until the end, one at a time. */
  every(ms: number, act: () => unknown): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      // What fails (the backend is gone, the test is over) is simply no use.
      void Promise.resolve(act())
        .catch(() => {})
        .finally(() => (busy = false));
    }, ms);
    this.owned.add(toDisposable(() => clearInterval(timer)));
  }

  dispose(): void {
    this.owned.dispose();
  }
}

export function head(method: string, path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

export function webSocketHead(protocol?: string): string {
  return head('GET', '/socket', {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...(protocol === undefined ? {} : { 'sec-websocket-protocol': protocol }),
  });
}

/** A masked ping without content. */
export const pingFrame = Buffer.from([0x89, 0x80, 1, 2, 3, 4]);

/** A masked text frame below 126 bytes. */
export function textFrame(text: string): Buffer {
  const mask = [1, 2, 3, 4];
  const payload = [...Buffer.from(text)].map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.from([0x81, 0x80 | payload.length, ...mask, ...payload]);
}
