/** HTTP byte by byte: what a client writes, and a backend that answers as a test wants. */
import type { Socket } from 'node:net';

export const ask = (path: string, ...fields: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
export const answer = (body: string, ...fields: string[]): string =>
  ['HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...fields, '', body].join('\r\n');

/** Keeps what every connection received. */
export function recorder(talk: (socket: Socket, soFar: string) => void): {
  seen: string[];
  serve: (socket: Socket) => void;
} {
  const seen: string[] = [];
  const serve = (socket: Socket): void => {
    const index = seen.push('') - 1;
    socket.on('data', (bytes) => {
      const soFar = (seen[index] ?? '') + bytes.toString('latin1');
      seen[index] = soFar;
      talk(socket, soFar);
    });
  };
  return { seen, serve };
}
