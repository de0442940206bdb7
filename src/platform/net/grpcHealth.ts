import type { ClientHttp2Session } from 'node:http2';
import { errorMessage } from '../../base/errors';
import { exchange, type ExchangeLimits, type Trouble } from './socketExchange';

const healthPath = '/grpc.health.v1.Health/Check';
const servingStatus = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

export type GrpcHealth =
  | { readonly kind: 'answered'; readonly status: (typeof servingStatus)[number] }
  /** The call was answered with a gRPC error, for instance 12: health checks are not implemented. */
  | { readonly kind: 'rpcError'; readonly code: string }
  | Trouble;

/** One `grpc.health.v1.Health/Check` over cleartext HTTP/2. */
export async function grpcHealthOnce(
  endpoint: { readonly address: string; readonly port: number; readonly service: string },
  limits: ExchangeLimits,
): Promise<GrpcHealth> {
  // Hardly anybody asks, and the module takes megabytes.
  const { connect } = await import('node:http2');
  return exchange<GrpcHealth>({ address: endpoint.address, port: endpoint.port }, limits, (socket, finish) => {
    const session = connect(`http://localhost:${endpoint.port}`, { createConnection: () => socket });
    const fail = (error: unknown): void => finish({ kind: 'failed', connected: true, saw: errorMessage(error) });
    session.on('error', fail);
    call(session, endpoint.service, finish, fail);
  });
}

function call(
  session: ClientHttp2Session,
  service: string,
  finish: (result: GrpcHealth) => void,
  fail: (error: unknown) => void,
): void {
  const stream = session.request({
    ':method': 'POST',
    ':path': healthPath,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let received = Buffer.alloc(0);
  let rpcStatus: string | undefined;
  const noteStatus = (headers: Record<string, unknown>): void => {
    const status = headers['grpc-status'];
    if (typeof status === 'string') rpcStatus = status;
  };
  stream.on('response', noteStatus);
  stream.on('trailers', noteStatus);
  stream.on('error', fail);
  stream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]).subarray(0, 1024);
  });
  stream.on('end', () => {
    const status = rpcStatus === undefined || rpcStatus === '0' ? decodeHealthResponse(received) : undefined;
    if (status !== undefined) finish({ kind: 'answered', status });
    else if (rpcStatus !== undefined) finish({ kind: 'rpcError', code: rpcStatus });
    else fail(new Error('not a gRPC answer'));
  });
  stream.end(encodeHealthRequest(service));
}

/** Length-prefixed message with one string field (`service = 1`). */
export function encodeHealthRequest(service: string): Buffer {
  const name = Buffer.from(service, 'utf8').subarray(0, 127);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** `status = 1` as a varint; a message without it means 0. */
export function decodeHealthResponse(frame: Buffer): (typeof servingStatus)[number] | undefined {
  if (frame.length < 5 || frame[0] !== 0) return undefined;
  const message = frame.subarray(5, 5 + frame.readUInt32BE(1));
  if (message.length === 0) return servingStatus[0];
  return message[0] === 0x08 ? servingStatus[message[1] ?? -1] : undefined;
}
