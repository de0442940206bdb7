/**
 * What other idle detectors would make of the same traffic: a recording proxy in front of a backend feeds four of
 * them. They are their rules, not their code.
 */
import { createServer, connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Detector {
  readonly name: string;
  /** Who judges like this. */
  readonly like: string;
  readonly isActive: () => boolean;
  readonly lastActiveMs: () => number;
}

export interface Recorder {
  readonly port: number;
  readonly detectors: readonly Detector[];
  close(): void;
}

const requestLine = /(?:^|\r\n)(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS) \S+ HTTP\/1\.[01]\r\n/;
const endsWithConnection = /content-type: text\/event-stream|transfer-encoding: chunked|HTTP\/1\.1 101 /i;

class Traffic {
  open = 0;
  inFlight = 0;
  requestMs = performance.now();
  byteMs = performance.now();
  closedMs = performance.now();
  answeredMs = performance.now();

  client(chunk: Buffer, exchange: { waiting: boolean }): void {
    this.byteMs = performance.now();
    if (!requestLine.test(chunk.toString('latin1'))) return;
    this.requestMs = performance.now();
    if (!exchange.waiting) this.inFlight++;
    exchange.waiting = true;
  }

  backend(chunk: Buffer, exchange: { waiting: boolean; stream: boolean }): void {
    this.byteMs = performance.now();
    exchange.stream ||=
      endsWithConnection.test(chunk.toString('latin1')) && !chunk.toString('latin1').endsWith('0\r\n\r\n');
    if (!exchange.stream) this.answered(exchange);
  }

  answered(exchange: { waiting: boolean }): void {
    if (!exchange.waiting) return;
    exchange.waiting = false;
    this.inFlight--;
    this.answeredMs = performance.now();
  }
}

/** A proxy on a port of its own in front of `backendPort`. */
export async function recordTraffic(backendPort: number): Promise<Recorder> {
  const traffic = new Traffic();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const backend = connect(backendPort, '127.0.0.1');
    const exchange = { waiting: false, stream: false };
    traffic.open++;
    sockets.add(client).add(backend);
    client.on('data', (chunk) => traffic.client(chunk, exchange)).on('error', () => {});
    backend.on('data', (chunk) => traffic.backend(chunk, exchange)).on('error', () => {});
    client.on('close', () => {
      traffic.open--;
      traffic.closedMs = performance.now();
      traffic.answered(exchange);
      backend.end();
    });
    backend.on('close', () => client.end());
    client.pipe(backend).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    detectors: detectorsOf(traffic),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function detectorsOf(traffic: Traffic): readonly Detector[] {
  const never = (): boolean => false;
  return [
    { name: 'last request', like: 'puma-dev, Sablier', isActive: never, lastActiveMs: () => traffic.requestMs },
    {
      name: 'open connections',
      like: 'systemd-socket-proxyd',
      isActive: () => traffic.open > 0,
      lastActiveMs: () => traffic.closedMs,
    },
    { name: 'last byte', like: 'packet counters', isActive: never, lastActiveMs: () => traffic.byteMs },
    {
      name: 'requests in flight',
      like: 'Knative, KEDA',
      isActive: () => traffic.inFlight > 0,
      lastActiveMs: () => Math.max(traffic.requestMs, traffic.answeredMs),
    },
  ];
}
