/** Clients of HTTP that tell everything: what came, over how many connections. */
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: Buffer;
  readonly agent?: Agent;
}

export function get(port: number, path: string, asked: Asked = {}): Promise<Answered> {
  const { host = '127.0.0.1', headers = {}, method = 'GET', body, agent } = asked;
  return new Promise((resolve, reject) => {
    const sent = request(
      { host, port, path, method, headers, ...(agent === undefined ? {} : { agent }) },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

export interface KeepAliveClient {
  /** Connections made so far. */
  readonly connections: number;
  get(path: string, asked?: Asked): Promise<Answered>;
  connectOnly(): Promise<void>;
  destroy(): void;
}

/** One connection, used again and again for as long as the other side lets it. */
export function keepAliveClient(port: number): KeepAliveClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<Socket>();
  agent.on('free', (socket: Socket) => sockets.add(socket));
  return {
    get connections() {
      return sockets.size;
    },
    get: (path, asked = {}) => get(port, path, { ...asked, agent }),
    connectOnly: () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', resolve);
        socket.on('error', reject);
        sockets.add(socket);
      }),
    destroy: () => {
      agent.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}
