import type { Node } from 'jsonc-parser';
import type { ProbeDefinition, ReadyDefinition } from '../model/backendDefinition';
import type { Reader } from './reader';

/** Where systemd puts the first socket, and every program that takes one looks for it. */
const firstSocketFd = 3;
const answeredByItself: readonly ProbeDefinition['kind'][] = ['http', 'grpc', 'log', 'exec', 'fd'];

/** Whether the process is handed its listening socket. What then cannot be is reported. */
export function readActivation(
  reader: Reader,
  node: Node | undefined,
  { hasPort, ready }: { readonly hasPort: boolean; readonly ready: ReadyDefinition },
): { readonly socketActivation?: true } {
  if (reader.boolean(node, 'socketActivation') !== true || node === undefined) return {};
  if (!hasPort) reader.report('needsPort', node, '"socketActivation" needs a "port" in this backend.');
  if (!ready.probes.some(({ kind }) => answeredByItself.includes(kind))) {
    const probes = '"http", "grpc", "log", "exec" or "fd"';
    const why = 'its port accepts connections before it runs';
    reader.report('conflict', node, `"socketActivation" needs one of ${probes} in "ready": ${why}.`);
  }
  if (ready.probes.some((probe) => probe.kind === 'fd' && probe.fd === firstSocketFd)) {
    reader.report('conflict', node, '"socketActivation" takes descriptor 3: choose 4 or more for "ready.fd".');
  }
  return { socketActivation: true };
}
