/** The few facts of HTTP/1.1 heads that matter to a gateway. Heads are read, never written again. */
import type { Framing } from './httpFraming';

export interface RequestHead {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly framing: Framing;
  /** The client asked for another protocol, or for a tunnel. */
  readonly switches: boolean;
  /** The client wants the connection closed after the answer. */
  readonly closes: boolean;
  /** Whom it is for: of the target where that names one, otherwise of `Host`. */
  readonly host?: string;
  readonly origin?: string;
  readonly agent?: string;
  readonly fetchSite?: string;
  readonly fetchMode?: string;
  /** Of a WebSocket. */
  readonly subprotocol?: string;
}

const longestWords = 80;

/** `GET /orders`, for people: no control bytes that a terminal would obey, and short. */
export function requestWords({ method, path }: Pick<RequestHead, 'method' | 'path'>): string {
  return printable(`${method} ${path}`);
}

/** As {@link requestWords}, of any part of a request. */
export function printable(text: string): string {
  const cut = text.length > longestWords ? `${text.slice(0, longestWords - 1)}…` : text;
  return cut.replace(/[^\x20-\x7e…]/g, '?');
}

export interface ResponseHead {
  readonly status: number;
  readonly framing: Framing;
  readonly eventStream: boolean;
  readonly closes: boolean;
}

interface Fields {
  length?: string;
  /** All that was said about it, in one list. */
  coding?: string;
  upgrade: boolean;
  connection: string;
  host?: string;
  origin?: string;
  agent?: string;
  fetchSite?: string;
  fetchMode?: string;
  subprotocol?: string;
  contentType: string;
  contradicts: boolean;
}

const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/1\.([01])\r?$/;
const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: .*)?\r?$/;

/** Undefined: no head of HTTP/1, or one that two readers could understand in two ways. */
export function parseRequestHead(text: string): RequestHead | undefined {
  const firstEnd = text.indexOf('\n');
  const line = requestLine.exec(text.slice(0, firstEnd));
  const fields = line && !ambiguous.test(text) && !text.includes('\0') ? readFields(text, firstEnd + 1) : undefined;
  if (!line || !fields || fields.contradicts) return undefined;
  const framing = requestFraming(fields);
  const [, method = '', wholeTarget = '', minor] = line;
  const target = splitTarget(wholeTarget);
  if (framing === undefined || target === undefined) return undefined;
  const connection = fields.connection;
  return {
    method,
    path: target.path,
    framing,
    switches: method === 'CONNECT' || (fields.upgrade && connection.includes('upgrade')),
    closes: connection.includes('close') || (minor === '0' && !connection.includes('keep-alive')),
    ...pick(fields, target.authority),
  };
}

/** `request` is what is answered; undefined: this is no answer in HTTP/1. */
export function parseResponseHead(text: string, request: { readonly method: string }): ResponseHead | undefined {
  const firstEnd = text.indexOf('\n');
  const line = statusLine.exec(text.slice(0, firstEnd));
  const fields = line && readFields(text, firstEnd + 1);
  if (!line || !fields) return undefined;
  const status = Number(line[2]);
  const bodiless = request.method === 'HEAD' || status < 200 || status === 204 || status === 304;
  const framing = bodiless ? noBody : messageFraming(fields, { kind: 'untilClose' });
  if (framing === undefined) return undefined;
  const closes = fields.connection.includes('close') || framing.kind === 'untilClose';
  return {
    status,
    framing,
    eventStream: fields.contentType.startsWith('text/event-stream'),
    closes: closes || (line[1] === '0' && !fields.connection.includes('keep-alive')),
  };
}

const noBody: Framing = { kind: 'none' };
/** A line end or a field name that readers do not agree on: a lone CR, a folded line, a blank before the colon. */
const ambiguous = /\r(?!\n)|\n[ \t]|\n[^:\r\n]*[ \t]:/;

/** A request with both, or with a coding that is not plain `chunked`, could hide another one in its body. */
function requestFraming(fields: Fields): Framing | undefined {
  if (fields.coding === undefined) return messageFraming(fields, noBody);
  return fields.coding === 'chunked' && fields.length === undefined ? { kind: 'chunked' } : undefined;
}

function messageFraming({ length, coding }: Fields, otherwise: Framing): Framing | undefined {
  if (coding !== undefined && /(^|,)\s*chunked$/.test(coding)) return { kind: 'chunked' };
  if (length === undefined) return otherwise;
  return /^\d{1,15}$/.test(length) ? { kind: 'length', length: Number(length) } : undefined;
}

function readFields(text: string, from: number): Fields | undefined {
  const fields: Fields = { upgrade: false, connection: '', contentType: '', contradicts: false };
  let at = from;
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    if (end < 0) return undefined;
    const line = text.slice(at, end);
    at = end + 1;
    if (line === '' || line === '\r') break;
    const colon = line.indexOf(':');
    if (colon <= 0 && !isFolded(line)) return undefined;
    take(fields, line, colon);
  }
  return fields;
}

/** The rest of the line before it; a request may not have one. */
function isFolded(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t');
}

/** Judged by length first: most fields are of no interest and cost nothing but that. */
function take(fields: Fields, line: string, colon: number): void {
  if (!interestingLengths.has(colon)) return;
  const value = line.slice(colon + 1).trim();
  switch (line.slice(0, colon).toLowerCase()) {
    case 'host':
      if (fields.host !== undefined) fields.contradicts = true;
      fields.host = value;
      return;
    case 'content-length':
      if (fields.length !== undefined && fields.length !== value) fields.contradicts = true;
      fields.length = value;
      return;
    case 'transfer-encoding':
      fields.coding = [fields.coding, value.toLowerCase()].filter((said) => said !== undefined).join(',');
      return;
    case 'upgrade':
      fields.upgrade = true;
      return;
    case 'connection':
      fields.connection += `,${value.toLowerCase()}`;
      return;
    case 'content-type':
      fields.contentType = value.toLowerCase();
      return;
    default:
      takeClientField(fields, line.slice(0, colon).toLowerCase(), value);
  }
}

function takeClientField(fields: Fields, name: string, value: string): void {
  switch (name) {
    case 'origin':
      fields.origin = value;
      return;
    case 'user-agent':
      fields.agent = value;
      return;
    case 'sec-fetch-site':
      fields.fetchSite = value;
      return;
    case 'sec-fetch-mode':
      fields.fetchMode = value;
      return;
    case 'sec-websocket-protocol':
      fields.subprotocol = value;
      return;
    default:
  }
}

const interestingLengths = new Set(
  [
    'host',
    'content-length',
    'transfer-encoding',
    'upgrade',
    'connection',
    'content-type',
    'origin',
    'user-agent',
    'sec-fetch-site',
    'sec-fetch-mode',
    'sec-websocket-protocol',
  ].map((name) => name.length),
);

function pick(fields: Fields, authority: string | undefined): Partial<RequestHead> {
  const host = authority ?? fields.host;
  const { origin, agent, fetchSite, fetchMode, subprotocol } = fields;
  return {
    ...(host === undefined ? {} : { host }),
    ...(origin === undefined ? {} : { origin }),
    ...(agent === undefined ? {} : { agent }),
    ...(fetchSite === undefined ? {} : { fetchSite }),
    ...(fetchMode === undefined ? {} : { fetchMode }),
    ...(subprotocol === undefined ? {} : { subprotocol }),
  };
}

/**
 * A target in any of its forms, undefined for one that names nobody where it has to. A query string may hold secrets
 * and is never kept.
 */
function splitTarget(target: string): { readonly path: string; readonly authority?: string } | undefined {
  const query = target.search(/[?#]/);
  const whole = query < 0 ? target : target.slice(0, query);
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)(.*)$/i.exec(whole);
  if (absolute === null) return { path: whole };
  const [, authority = '', path = ''] = absolute;
  return authority === '' ? undefined : { path: path === '' ? '/' : path, authority };
}
