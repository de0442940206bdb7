import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import type * as tlsModule from 'node:tls';
import { errorMessage } from '../../base/errors';
import { isLoopback } from './loopback';
import { readBody, readHead } from './responseParser';
import { exchange, isTrouble, type ExchangeLimits, type Trouble } from './socketExchange';

export interface HttpRequest {
  readonly scheme: 'http' | 'https';
  readonly address: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body is read, up to `maxBodyBytes`, only for a status this accepts and only until `text` was seen. */
  readonly body?: { readonly text: string; readonly whenStatus: (status: number) => boolean };
  /** Default 64 KiB. */
  readonly maxBodyBytes?: number;
}

export type HttpResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** undefined: no body was asked for. */ readonly bodyHasText?: boolean;
    }
  | Trouble;

type Tls = typeof tlsModule;

/** How our own probes introduce themselves, so that servers and gateways can tell them from use. */
export const probeUserAgent = 'local-backends-probe';

/**
 * One request on one connection to one address, decided on the status line (redirects are answers, not
 * directions). Answers are read by hand: a client library would go on to close the connection in good
 * order, and that leaves a row in the connection table that looks like use. `head`: given by one who asks again and again.
 */
export async function httpOnce(
  request: HttpRequest,
  limits: ExchangeLimits,
  head = requestHead(request),
): Promise<HttpResult> {
  if (typeof head !== 'string') return head;
  const endpoint = { address: request.address, port: request.port };
  // Few backends speak TLS, and the module takes megabytes.
  const tls = request.scheme === 'https' ? await import('node:tls') : undefined;
  const result = await exchange<HttpResult>(endpoint, limits, (socket, finish) => {
    const stream = tls === undefined ? socket : secure(tls, socket, request.address, finish);
    readAnswer(stream, request, finish);
    stream.write(head);
  });
  return isTrouble(result) ? hintAtPlainHttp(result, request) : result;
}

function readAnswer(stream: Socket, request: HttpRequest, finish: (result: HttpResult) => void): void {
  const limit = request.maxBodyBytes ?? 64 * 1024;
  let received = Buffer.alloc(0);
  const look = (ended: boolean): void => {
    const seen = readHead(received);
    if (seen.kind === 'more') {
      if (ended)
        finish(
          failed(
            received.length > 0
              ? 'the connection was closed in the middle of an answer'
              : 'the connection was closed without an answer',
          ),
        );
      return;
    }
    if (seen.kind === 'notHttp') {
      finish(failed(seen.saw));
      return;
    }
    const { status } = seen;
    if (!request.body?.whenStatus(status)) {
      finish({ kind: 'answered', status });
      return;
    }
    const body =
      seen.head && seen.rest ? readBody(seen.head.framing, seen.rest) : { body: Buffer.alloc(0), whole: false };
    const bodyHasText = body.body.includes(request.body.text);
    if (bodyHasText || body.whole || ended || body.body.length >= limit)
      finish({ kind: 'answered', status, bodyHasText });
  };
  stream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    look(false);
  });
  stream.on('end', () => look(true));
}

/** TLS on top of the probe's own socket, so that the reset below it stays in our hands. */
function secure(tls: Tls, socket: Socket, address: string, finish: (result: HttpResult) => void): Socket {
  // A development server signs its own certificate; on loopback there is nobody in between to fear.
  const stream = tls.connect({ socket, rejectUnauthorized: !isLoopback(address), ALPNProtocols: ['http/1.1'] });
  stream.on('error', (error) => finish(failed(`TLS failed: ${errorMessage(error)}`)));
  return stream;
}

/** What is sent, whatever the address; or why it cannot be. */
export function requestHead(request: Pick<HttpRequest, 'port' | 'method' | 'path' | 'headers'>): string | Trouble {
  const own = { host: `localhost:${request.port}`, 'user-agent': probeUserAgent, accept: '*/*' };
  const headers = new Map<string, string>(Object.entries(own));
  for (const [name, value] of Object.entries(request.headers)) headers.set(name.toLowerCase(), value);
  headers.set('connection', 'close');
  try {
    if (!/^[A-Za-z]+$/.test(request.method)) throw new Error(`method ${JSON.stringify(request.method)} is not valid`);
    const lines = [...headers].map(([name, value]) => {
      validateHeaderName(name);
      validateHeaderValue(name, value);
      return `${name}: ${value}`;
    });
    const path = request.path.startsWith('/') ? request.path : `/${request.path}`;
    const safePath = path.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text));
    return [`${request.method.toUpperCase()} ${safePath} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  } catch (error) {
    return { kind: 'failed', connected: false, saw: `the request cannot be sent: ${errorMessage(error)}` };
  }
}

function failed(saw: string): Trouble {
  return { kind: 'failed', connected: true, saw };
}

function hintAtPlainHttp(trouble: Trouble, request: HttpRequest): Trouble {
  const isPlain = request.scheme === 'https' && /wrong version number|packet length too long/i.test(trouble.saw);
  return isPlain ? { ...trouble, saw: 'TLS failed: it speaks plain HTTP (use scheme "http")' } : trouble;
}
