import type { Node } from 'jsonc-parser';
import { definitionDefaults, type HttpProbeDefinition } from '../model/backendDefinition';
import { knownKeys } from './keys';
import { readStrings } from './readEnv';
import type { Reader } from './reader';

type StatusRange = readonly [number, number];

/** `"/path"` or `{path, method, status, headers, body, scheme}`. */
export function readHttpProbe(reader: Reader, node: Node, what: string): HttpProbeDefinition | undefined {
  if (node.type === 'string') return withDefaults(readPath(reader, node, what));
  if (node.type !== 'object') {
    reader.wrongType(node, what, 'a path such as "/health" or an object {…}');
    return undefined;
  }
  const properties = reader.object(node, what, knownKeys.http);
  const value = (key: string): Node | undefined => properties?.get(key)?.value;
  const path = value('path');
  const status = value('status');
  const body = reader.template(value('body'), `${what}.body`);
  return {
    ...withDefaults(path === undefined ? '/' : readPath(reader, path, `${what}.path`)),
    method: readMethod(reader, value('method'), `${what}.method`) ?? 'GET',
    status: (status && readStatus(reader, status, `${what}.status`)) ?? definitionDefaults.httpStatus,
    headers: readStrings(reader, value('headers'), `${what}.headers`),
    scheme: reader.oneOf(value('scheme'), `${what}.scheme`, ['http', 'https']) ?? 'http',
    ...(body === undefined ? {} : { body }),
  };
}

function withDefaults(path: string | undefined): HttpProbeDefinition {
  const { httpStatus } = definitionDefaults;
  return { kind: 'http', scheme: 'http', path: path ?? '/', method: 'GET', status: httpStatus, headers: {} };
}

function readPath(reader: Reader, node: Node, what: string): string | undefined {
  const path = reader.template(node, what);
  if (path === undefined || path.startsWith('/')) return path;
  const url = /^https?:\/\/[^/]*(\/.*)?$/.exec(path);
  const hint = url ? ` The backend's own port is asked: write only the path, "${url[1] ?? '/'}".` : '';
  reader.report('badValue', node, `"${what}" must begin with "/".${hint}`);
  return undefined;
}

function readMethod(reader: Reader, node: Node | undefined, what: string): string | undefined {
  const method = reader.string(node, what);
  if (node === undefined || method === undefined || /^[A-Z]{1,20}$/.test(method)) return method;
  reader.report('badValue', node, `"${what}" must be an HTTP method such as "GET" or "HEAD".`);
  return undefined;
}

/** One code (200), a range ("200-299") or a list of both. */
function readStatus(reader: Reader, node: Node, what: string): readonly StatusRange[] | undefined {
  const items = node.type === 'array' ? (node.children ?? []) : [node];
  if (items.length === 0) {
    reader.report('empty', node, `"${what}" must name at least one status code.`);
    return undefined;
  }
  const ranges = items.map((item) => readRange(reader, item, what)).filter((range) => range !== undefined);
  return ranges.length > 0 ? ranges : undefined;
}

function readRange(reader: Reader, node: Node, what: string): StatusRange | undefined {
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(String(node.value));
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  const isText = node.type === 'string';
  if ((isText || node.type === 'number') && first >= 100 && last <= 599 && first <= last) return [first, last];
  reader.report('badValue', node, `"${what}" must be a status code such as 200 or a range such as "200-299".`);
  return undefined;
}
