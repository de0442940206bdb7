import { connect } from 'node:net';

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
