import type { Socket } from 'node:net';

/** A close frame with the code 1012: what is behind goes away and comes back. */
export const webSocketGoingAway = Buffer.from([0x88, 0x02, 0x03, 0xf4]);
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
