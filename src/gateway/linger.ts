import type { Socket } from 'node:net';

const quietMs = 2_000;

/** Closes a connection so that its last bytes arrive: what the other side still sends is read and forgotten. */
export function linger(socket: Socket): void {
  socket.end();
  socket.resume();
  // One that reads slowly keeps its connection for as long as bytes are left.
  socket.setTimeout(quietMs, () => {
    if (socket.writableFinished) socket.destroy();
  });
}
