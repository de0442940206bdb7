/** Connects to the process behind a gateway. A server that restarts itself refuses for a moment: it is asked again. */
import { connect, type Socket } from 'node:net';
import type { Clock } from '../base/clock';
import { errorCode } from '../base/errors';
import type { Disposable } from '../base/lifecycle';

export interface DialTarget {
  readonly port: number;
  /** The loopback address that answered last; servers listen on one or both. */
  address: '127.0.0.1' | '::1';
}

export interface DialListener {
  connected(socket: Socket): void;
  failed(why: string): void;
}

const pausesMs = [20, 50, 100, 200, 400, 800, 1_000, 1_000, 1_000];

export function dial(target: DialTarget, clock: Clock, listener: DialListener): Disposable {
  let attempt = 0;
  let timer: Disposable | undefined;
  let socket: Socket | undefined;
  let over = false;
  const tryOne = (address: DialTarget['address'], isLast: boolean): void => {
    const trying = connect({ host: address, port: target.port, noDelay: true, allowHalfOpen: true });
    socket = trying;
    const refused = (error: Error): void => {
      if (over) return;
      if (!isLast) tryOne(address === '::1' ? '127.0.0.1' : '::1', true);
      else again(errorCode(error) ?? error.message);
    };
    trying.once('error', refused);
    trying.once('connect', () => {
      if (over) return;
      trying.off('error', refused);
      // A connection to oneself: the kernel gave the very port that is dialled, and nobody listens there.
      if (trying.localPort === target.port) {
        trying.destroy();
        refused(new Error('refused'));
        return;
      }
      over = true;
      target.address = address;
      listener.connected(trying);
    });
  };
  const again = (why: string): void => {
    const pauseMs = pausesMs[attempt++];
    if (pauseMs === undefined) {
      over = true;
      listener.failed(why);
      return;
    }
    timer = clock.setTimer(pauseMs, () => tryOne(target.address, false));
  };
  tryOne(target.address, false);
  return {
    dispose: () => {
      if (over) return;
      over = true;
      timer?.dispose();
      socket?.on('error', () => {});
      socket?.destroy();
    },
  };
}
