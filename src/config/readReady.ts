import type { Node } from 'jsonc-parser';
import { definitionDefaults, type LivenessDefinition, type ReadyDefinition } from '../model/backendDefinition';
import { knownKeys } from './keys';
import { readProbes } from './readProbes';
import { noProperties, type Reader } from './reader';

export interface ReadyContext {
  readonly hasPort: boolean;
  readonly oneShot: boolean;
}

/** `"none"` or an object of probes. Default: a TCP probe with a port, else still alive after a short settle. */
export function readReady(reader: Reader, node: Node | undefined, context: ReadyContext): ReadyDefinition {
  const fallback = defaultReady(context);
  if (node === undefined) return fallback;
  if (node.type === 'string' && node.value === 'none') return { ...fallback, probes: [], withoutProbes: 'none' };
  if (node.type !== 'object') {
    reader.wrongType(node, 'ready', '"none" or an object such as {"http": "/health"}');
    return fallback;
  }
  const properties = reader.object(node, 'ready', knownKeys.ready) ?? noProperties;
  const probes = readProbes(reader, properties, { what: 'ready', hasPort: context.hasPort });
  const timeoutMs = reader.duration(properties.get('timeout')?.value, 'ready.timeout', { min: 1 });
  if (context.oneShot && probes.length > 0) {
    reader.report('conflict', node, 'A one-shot backend is ready when it exits 0: remove the probes.');
  }
  return {
    ...fallback,
    ...(probes.length > 0 && !context.oneShot ? { probes } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function defaultReady({ hasPort, oneShot }: ReadyContext): ReadyDefinition {
  const timeoutMs = oneShot ? definitionDefaults.oneShotTimeoutMs : definitionDefaults.readyTimeoutMs;
  if (oneShot) return { probes: [], withoutProbes: 'none', timeoutMs };
  return { probes: hasPort ? [{ kind: 'tcp' }] : [], withoutProbes: 'settle', timeoutMs };
}

const defaultLivenessPeriodMs = 30_000;

export function readLiveness(reader: Reader, node: Node | undefined, hasPort: boolean): LivenessDefinition | undefined {
  const properties = node && reader.object(node, 'liveness', knownKeys.liveness);
  if (node === undefined || properties === undefined) return undefined;
  const periodMs = reader.duration(properties.get('period')?.value, 'liveness.period', { min: 1 });
  const probes = readProbes(reader, properties, { what: 'liveness', hasPort });
  const [probe] = probes;
  if (probe === undefined || probes.length > 1) {
    const named = knownKeys.liveness.some((key) => key !== 'period' && properties.has(key));
    if (!named || probes.length > 1) reader.report('badValue', node, '"liveness" must name exactly one probe.');
    return undefined;
  }
  return { probe, periodMs: periodMs ?? defaultLivenessPeriodMs };
}
