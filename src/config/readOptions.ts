import type { Node } from 'jsonc-parser';
import {
  definitionDefaults,
  type ActivityDefinition,
  type GatewayDefinition,
  type StopDefinition,
} from '../model/backendDefinition';
import { knownKeys, stopSignals } from './keys';
import { readQuiesce } from './readQuiesce';
import type { Reader } from './reader';
import { didYouMean } from './suggest';

const longestGraceMs = 600_000;

export function readStop(reader: Reader, node: Node | undefined, hasPort: boolean): StopDefinition {
  const properties = node && reader.object(node, 'stop', knownKeys.stop);
  const graceMs = reader.duration(properties?.get('grace')?.value, 'stop.grace', { min: 0, max: longestGraceMs });
  const quiesce = readQuiesce(reader, properties?.get('quiesce')?.value, hasPort);
  const strict = reader.boolean(properties?.get('strict')?.value, 'stop.strict');
  return {
    signal: readSignal(reader, properties?.get('signal')?.value) ?? definitionDefaults.stopSignal,
    graceMs: graceMs ?? definitionDefaults.stopGraceMs,
    ...(strict === true ? { strict } : {}),
    ...(quiesce === undefined ? {} : { quiesce }),
  };
}

function readSignal(reader: Reader, node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  const written = String(node.value);
  const signal = stopSignals.find((candidate) => candidate === written);
  if (node.type === 'string' && signal !== undefined) return signal;
  const full = stopSignals.find((candidate) => candidate === `SIG${written.toUpperCase()}`);
  const hint = full === undefined ? didYouMean(written, stopSignals) : ` Did you mean "${full}"?`;
  reader.report('badSignal', node, `"stop.signal" must be one of ${stopSignals.join(', ')}.${hint}`);
  return undefined;
}

/** undefined: not given, the default applies. A given `true` is the gateway with its defaults. */
export function readGateway(
  reader: Reader,
  node: Node | undefined,
  hasPort: boolean,
): GatewayDefinition | false | undefined {
  if (node === undefined) return undefined;
  if (node.type === 'boolean' && node.value === false) return false;
  if (node.type !== 'boolean' && node.type !== 'object') {
    reader.wrongType(node, 'gateway', 'true, false or an object {"wakeOn": …, "hosts": […]}');
    return undefined;
  }
  if (!hasPort) reader.report('needsPort', node, '"gateway" needs a "port" in this backend.');
  const properties = node.type === 'object' ? reader.object(node, 'gateway', knownKeys.gateway) : undefined;
  const hosts = reader.list(properties?.get('hosts')?.value, 'gateway.hosts', (item) =>
    reader.string(item, 'gateway.hosts'),
  );
  return {
    wakeOn: reader.oneOf(properties?.get('wakeOn')?.value, 'gateway.wakeOn', ['data', 'connect']) ?? 'data',
    hosts: hosts ?? [],
  };
}

export function readActivity(reader: Reader, node: Node | undefined): ActivityDefinition {
  const properties = node && reader.object(node, 'activity', knownKeys.activity);
  const value = (key: string): Node | undefined => properties?.get(key)?.value;
  const agents = reader.list(value('ignoreAgents'), 'activity.ignoreAgents', (item) =>
    reader.string(item, 'activity.ignoreAgents'),
  );
  return {
    openStreams: reader.oneOf(value('openStreams'), 'activity.openStreams', ['hold', 'ignore']) ?? 'hold',
    ignorePaths: readPaths(reader, value('ignorePaths')) ?? definitionDefaults.ignorePaths,
    ignoreAgents: agents ?? definitionDefaults.ignoreAgents,
    logs: reader.boolean(value('logs'), 'activity.logs') ?? false,
    cpu: reader.boolean(value('cpu'), 'activity.cpu') ?? true,
  };
}

function readPaths(reader: Reader, node: Node | undefined): readonly string[] | undefined {
  return reader.list(node, 'activity.ignorePaths', (item) => {
    const path = reader.string(item, 'activity.ignorePaths');
    if (path === undefined || path.startsWith('/')) return path;
    reader.report('badValue', item, 'Each of "activity.ignorePaths" must begin with "/".');
    return undefined;
  });
}

/** Milliseconds, or 'never'. */
export function readIdleTimeout(reader: Reader, node: Node | undefined): number | 'never' | undefined {
  if (node === undefined || node.value === 'never') return node && 'never';
  if (node.type === 'string' && /^[a-z]+$/i.test(String(node.value))) {
    const hint = didYouMean(String(node.value), ['never']);
    reader.report('badDuration', node, `"idleTimeout" must be a duration such as "5m", or "never".${hint}`);
    return undefined;
  }
  const ms = reader.duration(node, 'idleTimeout', { min: 0 });
  if (ms !== 0) return ms;
  reader.report('badDuration', node, '"idleTimeout" must be longer than 0. Write "never" to keep it up.');
  return undefined;
}
