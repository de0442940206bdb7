/**
 * What both sides need to name messages and to speak over a connection. Free of the JSON-RPC library, which a window
 * loads only once there is a broker to speak to.
 */
import type { Disposable } from '../base/lifecycle';

/** A request by its name; the types say what it carries, what it is answered with, and the data of its errors. */
export class RequestType<P, R, E> {
  declare readonly carries?: readonly [P, R, E];

  constructor(readonly method: string) {}
}

/** A message that is not answered. */
export class NotificationType<P> {
  declare readonly carries?: P;

  constructor(readonly method: string) {}
}

export interface RpcConnection {
  /** Begins to read; handlers are set before. */
  listen(): void;
  /** Rejects with a {@link BackendFailure}, always: a broken connection is `brokerUnavailable`. */
  sendRequest<P, R, E>(type: RequestType<P, R, E>, params: NoInfer<P>): Promise<R>;
  /** What the handler throws crosses the socket with its failure. */
  onRequest<P, R, E>(type: RequestType<P, R, E>, handler: (params: P) => R | Promise<R>): Disposable;
  sendNotification<P>(type: NotificationType<P>, params: NoInfer<P>): Promise<void>;
  onNotification<P>(type: NotificationType<P>, handler: (params: P) => void): Disposable;
  onClose(run: () => void): Disposable;
  /** Ends the stream. */
  end(): void;
  /** Rejects what was asked and can no longer be answered. */
  dispose(): void;
}
