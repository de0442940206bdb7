/** A gateway's route inside this process, with a backend of plain sockets behind it. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock } from '../../src/base/clock';
import type { Route, RouteOptions } from '../../src/gateway/gatewayEvents';
import { openRoute } from '../../src/gateway/gatewayRoute';
import { allocatePort, isPortFree } from '../../src/platform/net/freePort';
import { createSystemClock } from '../../src/platform/systemClock';
import { waitUntil } from './waitUntil';

export interface RouteUnderTest {
  readonly route: Route;
  readonly port: number;
  /** What woke, in order. */
  readonly wakes: string[];
  heldCount: number;
  heldChanges: number;
}

export class RouteBench {
  private readonly undo: (() => void)[] = [];

  async route(options: Partial<RouteOptions> = {}, clock: Clock = createSystemClock()): Promise<RouteUnderTest> {
    const port = await this.freePort();
    const wakes: string[] = [];
    const rules = { hosts: [], ignorePaths: ['/health'], ignoreAgents: [] };
    const all = { ...rules, wakeOn: 'data', openStreams: 'hold', holdCeilingMs: 60_000, ...options } as const;
    const route = await openRoute(port, clock, all, {
      leasesChanged: () => {},
      counted: () => {},
      wakeWanted: ({ words }) => wakes.push(words),
      heldChanged: (count) => {
        tested.heldCount = count;
        tested.heldChanges++;
      },
      waitingText: () => Promise.resolve({ title: 'starting', lines: [], log: [] }),
    });
    const tested: RouteUnderTest = { route, port, wakes, heldCount: 0, heldChanges: 0 };
    this.undo.push(() => route.dispose());
    return tested;
  }

  async freePort(): Promise<number> {
    return (await allocatePort(isPortFree)) ?? 0;
  }

  /** Resolves to the port it listens on. */
  async backend(serve: (socket: Socket) => void, port = 0): Promise<number> {
    const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      this.undo.push(() => socket.destroy());
      serve(socket);
    });
    this.undo.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async client(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.undo.push(() => socket.destroy());
    const client = new RawClient(socket);
    await waitUntil('the client to connect', () => !socket.connecting);
    return client;
  }

  dispose(): void {
    for (const undo of this.undo.splice(0).reverse()) undo();
  }
}

export class RawClient {
  received = '';
  ended = false;
  closed = false;

  constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (this.received += text));
    socket.on('end', () => (this.ended = true));
    socket.on('error', () => {});
    socket.on('close', () => (this.closed = true));
  }

  async until(pattern: RegExp): Promise<string> {
    await waitUntil(
      () => `${String(pattern)} in ${JSON.stringify(this.received.slice(0, 500))}`,
      () => pattern.test(this.received),
    );
    return this.received;
  }
}

/** So many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
