import { connect } from 'node:net';

/** Sends all it has, closes its side at once as `nc -N` does, and resolves with all that comes until the other side closes. */
export function halfClosedExchange(port: number, question: string, timeoutMs = 15_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`port ${port} said nothing for ${timeoutMs} ms`)));
    socket.on('error', reject);
    socket.on('data', (part) => parts.push(part));
    socket.on('end', () => resolve(Buffer.concat(parts).toString()));
    socket.end(question);
  });
}

/** Connects to a loopback port, sends `question`, and resolves with the first bytes that come back. */
export function rawExchange(port: number, question: string | Buffer, timeoutMs = 5_000): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(new Error(`port ${port} said nothing for ${timeoutMs} ms`)));
    socket.once('error', fail);
    socket.once('close', () => reject(new Error(`port ${port} closed without a word`)));
    socket.once('data', (answer) => {
      socket.end();
      resolve(answer);
    });
    socket.once('connect', () => {
      if (question.length > 0) socket.write(question);
    });
  });
}
