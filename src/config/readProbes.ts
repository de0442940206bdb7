import type { Node } from 'jsonc-parser';
import type { LogProbeDefinition, ProbeDefinition, TcpProbeDefinition } from '../model/backendDefinition';
import { knownKeys } from './keys';
import { readArgv } from './readCommand';
import { readHttpProbe } from './readHttpProbe';
import { readPort } from './readPort';
import type { Properties, Reader } from './reader';

/** Descriptors after those of every process; a shell names only one digit. */
const readyFds = { min: 3, max: 9 };

export interface ProbeContext {
  /** `ready` or `liveness`. */
  readonly what: string;
  readonly hasPort: boolean;
}

type ProbeReader = (reader: Reader, node: Node, what: string) => ProbeDefinition | undefined;

const readers: readonly (readonly [key: string, read: ProbeReader])[] = [
  ['tcp', readTcpProbe],
  ['http', readHttpProbe],
  ['log', readLogProbe],
  ['exec', readExecProbe],
  ['grpc', readGrpcProbe],
  ['unix', readUnixProbe],
  ['fd', readFdProbe],
];

/** All probes that an object names, in a fixed order: the cheap and telling ones first. */
export function readProbes(reader: Reader, properties: Properties, context: ProbeContext): readonly ProbeDefinition[] {
  const probes: ProbeDefinition[] = [];
  for (const [key, read] of readers) {
    const property = properties.get(key);
    if (property === undefined) continue;
    const what = `${context.what}.${key}`;
    const probe = read(reader, property.value, what);
    if (probe === undefined) continue;
    if (!context.hasPort && needsPort(probe)) {
      reader.report('needsPort', property.key, `"${what}" needs a "port" in this backend.`);
    }
    probes.push(probe);
  }
  return probes;
}

function needsPort(probe: ProbeDefinition): boolean {
  return probe.kind === 'http' || probe.kind === 'grpc' || (probe.kind === 'tcp' && probe.port === undefined);
}

function readTcpProbe(reader: Reader, node: Node, what: string): TcpProbeDefinition | undefined {
  if (node.type === 'boolean' && node.value === true) return { kind: 'tcp' };
  if (node.type !== 'number') {
    reader.wrongType(node, what, "true (the backend's port) or a port number");
    return undefined;
  }
  const port = readPort(reader, node, what);
  return port === undefined ? undefined : { kind: 'tcp', port };
}

function readLogProbe(reader: Reader, node: Node, what: string): LogProbeDefinition | undefined {
  if (node.type === 'string') {
    const pattern = reader.template(node, what);
    return pattern === undefined ? undefined : { kind: 'log', pattern };
  }
  if (node.type !== 'object') {
    reader.wrongType(node, what, 'a text or an object {"pattern": …}');
    return undefined;
  }
  const properties = reader.object(node, what, knownKeys.log);
  const patternNode = properties?.get('pattern')?.value;
  if (patternNode === undefined) {
    reader.report('missing', node, `"${what}" needs a "pattern".`);
    return undefined;
  }
  const pattern = reader.template(patternNode, `${what}.pattern`);
  const flags = readFlags(reader, properties?.get('flags')?.value, `${what}.flags`);
  if (pattern === undefined || flags === undefined) return undefined;
  const mistake = regexMistake(pattern, flags);
  if (mistake !== undefined) {
    reader.report('badRegex', patternNode, `"${what}.pattern": ${mistake}.`);
    return undefined;
  }
  return { kind: 'log', pattern, regexFlags: flags };
}

/** `g` and `y` keep a position between lines and would miss matches. */
function readFlags(reader: Reader, node: Node | undefined, what: string): string | undefined {
  if (node === undefined) return '';
  if (node.type === 'string' && /^(?!.*(.).*\1)[imsu]*$/.test(String(node.value))) return String(node.value);
  reader.report('badRegex', node, `"${what}" may hold each of the letters i, m, s and u once.`);
  return undefined;
}

function regexMistake(pattern: string, flags: string): string | undefined {
  try {
    // A variable stands for plain text in a pattern.
    new RegExp(pattern.replaceAll(/\$\{[^{}]*\}/g, '0'), flags);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'invalid regular expression';
  }
}

function readExecProbe(reader: Reader, node: Node, what: string): ProbeDefinition | undefined {
  const argv = readArgv(reader, node, what);
  return argv === undefined ? undefined : { kind: 'exec', argv };
}

function readGrpcProbe(reader: Reader, node: Node, what: string): ProbeDefinition | undefined {
  const service = reader.template(node, what, { mayBeEmpty: true });
  return service === undefined ? undefined : { kind: 'grpc', service };
}

function readUnixProbe(reader: Reader, node: Node, what: string): ProbeDefinition | undefined {
  const path = reader.template(node, what);
  return path === undefined ? undefined : { kind: 'unix', path };
}

function readFdProbe(reader: Reader, node: Node, what: string): ProbeDefinition | undefined {
  const fd = reader.count(node, what, readyFds);
  return fd === undefined ? undefined : { kind: 'fd', fd };
}
