import type { Node } from 'jsonc-parser';
import { definitionDefaults, type StopDefinition } from '../model/backendDefinition';
import { knownKeys } from './keys';
import { readArgv } from './readCommand';
import { readHttpProbe } from './readHttpProbe';
import type { Reader } from './reader';

/** `{"http": "/path"}` or `{"exec": […]}`: who is asked before a sleep. */
export function readQuiesce(reader: Reader, node: Node | undefined, hasPort: boolean): StopDefinition['quiesce'] {
  const properties = node && reader.object(node, 'stop.quiesce', knownKeys.quiesce);
  if (node === undefined || properties === undefined) return undefined;
  const http = properties.get('http');
  const exec = properties.get('exec');
  if ((http === undefined) === (exec === undefined)) {
    reader.report('badValue', node, '"stop.quiesce" must name exactly one of "http" and "exec".');
    return undefined;
  }
  if (exec !== undefined) {
    const argv = readArgv(reader, exec.value, 'stop.quiesce.exec');
    return argv === undefined ? undefined : { kind: 'exec', argv };
  }
  if (http === undefined) return undefined;
  if (!hasPort) reader.report('needsPort', http.key, '"stop.quiesce.http" needs a "port" in this backend.');
  if (http.value.type !== 'string') {
    reader.wrongType(http.value, 'stop.quiesce.http', 'a path such as "/quiesce"');
    return undefined;
  }
  const probe = readHttpProbe(reader, http.value, 'stop.quiesce.http');
  return probe && { ...probe, method: 'POST', status: definitionDefaults.quiesceStatus };
}
