/** The way of systemd to hand a listening socket to a program: descriptor 3, `LISTEN_FDS`, and `LISTEN_PID` of the program itself. */
import { errorMessage } from '../../base/errors';
import { openListeningSocket, type ListeningSocket } from '../net/listeningSocket';
import type { Invocation } from './shellCommand';
import { SpawnFailure } from './spawnProblem';

/** Only the process itself knows its pid before it runs; `exec` keeps it. */
const script = 'LISTEN_PID=$$; export LISTEN_PID; exec "$@"';

export function withListenPid({ file, args }: Invocation): Invocation {
  return { file: '/bin/sh', args: ['-c', script, 'local-backends', file, ...args] };
}

export async function socketFor(port: number): Promise<ListeningSocket> {
  try {
    return await openListeningSocket(port);
  } catch (error) {
    throw new SpawnFailure({
      code: 'spawnFailed',
      message: `Port ${port}, which is to be handed to it, cannot be opened: ${errorMessage(error)}`,
    });
  }
}

/** Descriptors from 3 on, the socket being the first of them. */
export function withSocketFirst<T>(more: readonly T[], socket: ListeningSocket | undefined): readonly (T | number)[] {
  return socket === undefined ? more : [socket.fd, ...more.slice(1)];
}
