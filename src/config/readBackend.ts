import type { Node } from 'jsonc-parser';
import type { BackendDefinition } from '../model/backendDefinition';
import { knownKeys } from './keys';
import { readActivation } from './readActivation';
import { readCommand } from './readCommand';
import { readStrings } from './readEnv';
import { readActivity, readGateway, readIdleTimeout, readStop } from './readOptions';
import { readPublicPort } from './readPort';
import { readLiveness, readReady } from './readReady';
import { noProperties, type Property, type Reader, type Template } from './reader';

export interface NamedNode {
  readonly name: string;
  readonly node: Node;
}

/** One backend as read, with the places that the checks across backends need. */
export interface ReadBackend {
  readonly definition: BackendDefinition;
  readonly reader: Reader;
  readonly key: Node;
  /** The whole `"name": {…}`. */
  readonly range: Node;
  readonly port?: Node;
  readonly dependsOn: readonly NamedNode[];
  readonly templates: readonly Template[];
  readonly paths: readonly Template[];
}

export interface BackendNodes {
  readonly name: string;
  readonly range: Node;
  readonly property: Property;
}

/** Never fails: what cannot be used is reported through the reader and replaced by a default that does nothing. */
export function readBackend(reader: Reader, { name, range, property }: BackendNodes): ReadBackend {
  const properties = reader.object(property.value, name, knownKeys.backend) ?? noProperties;
  const value = (key: string): Node | undefined => properties.get(key)?.value;
  if (property.value.type === 'object' && !properties.has('command')) {
    reader.report('missing', property.key, `"${name}" needs a "command".`);
  }
  const portNode = value('port');
  const dependsOn = readNames(reader, value('dependsOn'));
  const definition = readDefinition(reader, name, value, dependsOn);
  return {
    definition,
    reader,
    key: property.key,
    range,
    dependsOn,
    templates: reader.templates,
    paths: reader.templates.filter(({ node }) => node === value('cwd') || node.parent === value('envFile')),
    ...(portNode === undefined ? {} : { port: portNode }),
  };
}

type ValueOf = (key: string) => Node | undefined;

function readDefinition(
  reader: Reader,
  name: string,
  value: ValueOf,
  dependsOn: readonly NamedNode[],
): BackendDefinition {
  const command = value('command');
  const cwd = reader.template(value('cwd'), 'cwd');
  const portNode = value('port');
  const hasPort = portNode !== undefined;
  const port = portNode && readPublicPort(reader, portNode);
  const oneShot = reader.boolean(value('oneShot'), 'oneShot') ?? false;
  if (oneShot && portNode) reader.report('conflict', portNode, 'A one-shot backend has no port: it runs and exits.');
  const gateway = readGateway(reader, value('gateway'), hasPort);
  const idleTimeoutMs = readIdleTimeout(reader, value('idleTimeout'));
  const ready = readReady(reader, value('ready'), { hasPort, oneShot });
  const liveness = readLiveness(reader, value('liveness'), hasPort);
  return {
    name,
    command: (command && readCommand(reader, command)) ?? [],
    ...(cwd === undefined ? {} : { cwd }),
    env: readStrings(reader, value('env'), 'env'),
    envFile: reader.list(value('envFile'), 'envFile', (item) => reader.template(item, 'envFile')) ?? [],
    ...(port === undefined ? {} : { port }),
    ...(gateway === undefined ? {} : { gateway }),
    ...readActivation(reader, value('socketActivation'), { hasPort, ready }),
    ready,
    dependsOn: dependsOn.map((dependency) => dependency.name),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    activity: readActivity(reader, value('activity')),
    ...(liveness === undefined ? {} : { liveness }),
    oneShot,
    stop: readStop(reader, value('stop'), hasPort),
    restart: reader.oneOf(value('restart'), 'restart', ['never', 'onFailure']) ?? 'never',
    autoStart: reader.boolean(value('autoStart'), 'autoStart') ?? false,
  };
}

function readNames(reader: Reader, node: Node | undefined): readonly NamedNode[] {
  const seen = new Set<string>();
  const names = reader.list(node, 'dependsOn', (item) => {
    const name = reader.string(item, 'dependsOn');
    if (name === undefined) return undefined;
    if (seen.has(name)) reader.report('duplicateKey', item, `"${name}" is named twice.`, 'warning');
    const isFirst = !seen.has(name);
    seen.add(name);
    return isFirst ? { name, node: item } : undefined;
  });
  return names ?? [];
}
