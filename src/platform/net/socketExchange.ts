import { connect, type Socket } from 'node:net';
import type { CancellationSignal } from '../../base/cancellation';
import { errorCode, errorMessage } from '../../base/errors';
import { DisposableStore } from '../../base/lifecycle';
import { durationInWords } from './duration';

/** One address (never a name), or the path of a unix socket. */
export type Endpoint = { readonly address: string; readonly port: number } | { readonly socketPath: string };

export type TroubleKind = 'refused' | 'timedOut' | 'unreachable' | 'selfConnect' | 'cancelled' | 'failed';

/** Why an exchange came to nothing. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** Somebody accepted the connection before it went wrong. */
  readonly connected: boolean;
  readonly saw: string;
}

export interface ExchangeLimits {
  /** Total deadline from the first packet to the verdict. */
  readonly timeoutMs: number;
  readonly signal: CancellationSignal;
  /** Told in the turn in which the connection is made, after the request is on its way. */
  readonly onConnected?: () => void;
}

/**
 * Connects once, lets `talk` speak, and settles with what `talk` or the first trouble says.
 * Whatever the outcome the connection is reset, not closed: a closed one would stay in the connection
 * table (TIME_WAIT) for a minute and look like somebody's activity. For the same reason the socket is
 * half-open: it must not answer the server's FIN with its own before the reset.
 */
export function exchange<T>(
  endpoint: Endpoint,
  limits: ExchangeLimits,
  talk: (socket: Socket, finish: (value: T) => void) => void,
): Promise<T | Trouble> {
  return new Promise((resolve) => {
    const isPipe = 'socketPath' in endpoint;
    const target = isPipe ? { path: endpoint.socketPath } : { host: endpoint.address, port: endpoint.port };
    const socket = connect({ ...target, allowHalfOpen: true, noDelay: true });
    let connected = false;
    const store = new DisposableStore();
    // Later calls (the close that the reset itself brings, a late error) find everything settled.
    const finish = (value: T | Trouble): void => {
      clearTimeout(timer);
      store.dispose();
      reset(socket, isPipe);
      resolve(value);
    };
    const fail = (kind: TroubleKind, saw: string): void => finish({ kind, connected, saw });
    const timer = setTimeout(() => {
      const limit = durationInWords(limits.timeoutMs);
      fail('timedOut', connected ? `connected, but timed out after ${limit}` : `timed out after ${limit}`);
    }, limits.timeoutMs);
    socket.on('error', (error) => finish(troubleOf(error, connected)));
    socket.on('close', () =>
      fail('failed', connected ? 'the connection was closed without an answer' : 'no connection'),
    );
    socket.on('connect', () => {
      if (isSelfConnect(socket)) {
        fail('selfConnect', 'nobody listens (the connection reached itself)');
        return;
      }
      connected = true;
      talk(socket, finish);
      limits.onConnected?.();
    });
    store.add(limits.signal.onCancelled(() => fail('cancelled', 'cancelled')));
  });
}

/** Whether a value of {@link exchange} is trouble. */
export function isTrouble(value: object): value is Trouble {
  return 'connected' in value && 'saw' in value;
}

/**
 * A connect to a closed port of the ephemeral range can be given that very port as its own and then
 * meets itself (TCP simultaneous open): it looks connected, and it holds the server's port.
 */
export function isSelfConnect(socket: Socket): boolean {
  return (
    socket.localPort !== undefined &&
    socket.localPort === socket.remotePort &&
    socket.localAddress === socket.remoteAddress
  );
}

function reset(socket: Socket, isPipe: boolean): void {
  if (socket.connecting || isPipe || socket.destroyed) socket.destroy();
  else socket.resetAndDestroy();
}

function troubleOf(error: Error, connected: boolean): Trouble {
  switch (errorCode(error)) {
    case 'ECONNREFUSED':
      return { kind: 'refused', connected, saw: 'connection refused' };
    case 'ENOENT':
      return { kind: 'refused', connected, saw: 'no such socket' };
    case 'ECONNRESET':
    case 'EPIPE':
      return { kind: 'failed', connected, saw: 'the connection was reset' };
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return { kind: 'unreachable', connected, saw: 'address not available' };
    case undefined:
    default:
      return { kind: 'failed', connected, saw: errorMessage(error) };
  }
}
