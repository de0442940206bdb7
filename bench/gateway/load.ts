/** Clients that cost next to nothing: what they wait for is the other side. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const timeoutMs = 60_000;

function request(method: string, path: string, fields: readonly string[] = []): string {
  return [`${method} ${path} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`port ${port} said nothing for ${timeoutMs} ms`)));
  await once(socket, 'connect');
  return socket;
}

/** Resolves when a whole answer with a `Content-Length` has come, with its body's length; its status must be 200. */
function wholeAnswer(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = '';
    let left = -1;
    let length = 0;
    const done = (end: () => void): void => {
      socket.off('data', onData).off('close', onClose).off('error', reject);
      end();
    };
    const onClose = (): void => done(() => reject(new Error(`closed after ${JSON.stringify(head.slice(0, 100))}`)));
    const onData = (bytes: Buffer): void => {
      if (left < 0) {
        head += bytes.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!head.startsWith('HTTP/1.1 200 ')) {
          done(() => reject(new Error(head)));
          return;
        }
        length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
        left = length - (head.length - end - 4);
      } else left -= bytes.length;
      if (left <= 0) done(() => resolve(length));
    };
    socket.on('data', onData).once('close', onClose).once('error', reject);
  });
}

/** Ms from the first byte of the request to the last of its answer, one request after the other on one connection. */
export async function keepAliveLatencies(port: number, count: number): Promise<readonly number[]> {
  const socket = await open(port);
  const question = request('GET', '/');
  const latencies: number[] = [];
  try {
    for (let sent = 0; sent < count; sent++) {
      const beganMs = performance.now();
      const answer = wholeAnswer(socket);
      socket.write(question);
      await answer;
      latencies.push(performance.now() - beganMs);
    }
  } finally {
    socket.destroy();
  }
  return latencies;
}

/** Ms from connecting to the last byte of the answer, each on a connection of its own. */
export async function freshLatencies(port: number, count: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const beganMs = performance.now();
    await fetchOnce(port, '/');
    latencies.push(performance.now() - beganMs);
  }
  return latencies;
}

/** Requests in a second, so many connections at once. */
export async function requestRate(port: number, connections: number, count: number): Promise<number> {
  const beganMs = performance.now();
  const each = Math.ceil(count / connections);
  await Promise.all(Array.from({ length: connections }, () => keepAliveLatencies(port, each)));
  return (each * connections) / ((performance.now() - beganMs) / 1_000);
}

/** One request on a connection of its own; resolves with the length of the body. */
export async function fetchOnce(port: number, path: string): Promise<number> {
  const socket = await open(port);
  try {
    const answer = wholeAnswer(socket);
    socket.write(request('GET', path));
    return await answer;
  } finally {
    socket.destroy();
  }
}

/** Bytes in a second of an answer of that size. */
export async function downloadRate(port: number, size: number): Promise<number> {
  const beganMs = performance.now();
  const received = await fetchOnce(port, `/bytes/${size}`);
  if (received !== size) throw new Error(`${received} bytes came instead of ${size}`);
  return rate(size, beganMs);
}

/** Bytes in a second of a request of that size, until the backend says that it has all of it. */
export async function uploadRate(port: number, size: number): Promise<number> {
  const socket = await open(port);
  const piece = Buffer.alloc(64 * 1024, 'x');
  const beganMs = performance.now();
  try {
    const answer = wholeAnswer(socket);
    socket.write(request('POST', '/upload', [`Content-Length: ${size}`]));
    for (let left = size; left > 0; left -= piece.length) {
      if (!socket.write(left < piece.length ? piece.subarray(0, left) : piece)) await once(socket, 'drain');
    }
    await answer;
  } finally {
    socket.destroy();
  }
  return rate(size, beganMs);
}

function rate(size: number, beganMs: number): number {
  return size / ((performance.now() - beganMs) / 1_000);
}
