import type { Node } from 'jsonc-parser';
import { definitionDefaults, type LivenessDefinition, type ReadyDefinition } from '../model/backendDefinition';
import { knownKeys } from './keys';
import { readProbes } from './readProbes';
import { noProperties, type Properties, type Reader } from './reader';

export interface ReadyContext {
  readonly hasPort: boolean;
  readonly oneShot: boolean;
}

/** Less would call a backend deaf that had to wait for a processor. */
const shortestProbeTimeoutMs = 100;
const mostSuccesses = 100;

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
  if (context.oneShot && probes.length > 0) {
    reader.report('conflict', node, 'A one-shot backend is ready when it exits 0: remove the probes.');
  }
  return {
    ...fallback,
    ...(probes.length > 0 && !context.oneShot ? { probes } : {}),
    ...readLimits(reader, properties),
  };
}

function readLimits(
  reader: Reader,
  properties: Properties,
): Partial<Pick<ReadyDefinition, 'timeoutMs' | 'probeTimeoutMs' | 'successThreshold'>> {
  const value = (key: string): Node | undefined => properties.get(key)?.value;
  const timeoutMs = reader.duration(value('timeout'), 'ready.timeout', { min: 1 });
  const probeTimeoutMs = reader.duration(value('probeTimeout'), 'ready.probeTimeout', { min: shortestProbeTimeoutMs });
  const bounds = { min: 1, max: mostSuccesses };
  const successThreshold = reader.count(value('successThreshold'), 'ready.successThreshold', bounds);
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(probeTimeoutMs === undefined ? {} : { probeTimeoutMs }),
    ...(successThreshold === undefined ? {} : { successThreshold }),
  };
}

function defaultReady({ hasPort, oneShot }: ReadyContext): ReadyDefinition {
  const timeoutMs = oneShot ? definitionDefaults.oneShotTimeoutMs : definitionDefaults.readyTimeoutMs;
  if (oneShot) return { probes: [], withoutProbes: 'none', timeoutMs };
  return { probes: hasPort ? [{ kind: 'tcp' }] : [], withoutProbes: 'settle', timeoutMs };
}

const defaultLivenessPeriodMs = 30_000;
/** More often would be a load, not a look. */
const shortestLivenessPeriodMs = 500;

export function readLiveness(reader: Reader, node: Node | undefined, hasPort: boolean): LivenessDefinition | undefined {
  const properties = node && reader.object(node, 'liveness', knownKeys.liveness);
  if (node === undefined || properties === undefined) return undefined;
  const periodMs = reader.duration(properties.get('period')?.value, 'liveness.period', {
    min: shortestLivenessPeriodMs,
  });
  const probes = readProbes(reader, properties, { what: 'liveness', hasPort });
  const [probe] = probes;
  if (probe === undefined || probes.length > 1) {
    const named = knownKeys.liveness.some((key) => key !== 'period' && properties.has(key));
    if (!named || probes.length > 1) reader.report('badValue', node, '"liveness" must name exactly one probe.');
    return undefined;
  }
  return { probe, periodMs: periodMs ?? defaultLivenessPeriodMs };
}
