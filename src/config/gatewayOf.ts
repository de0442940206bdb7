import type { BackendDefinition, GatewayDefinition } from '../model/backendDefinition';
import { variablesIn } from './variables';

/** Where the definition says nothing more of it. */
export const defaultGateway: GatewayDefinition = { wakeOn: 'data', hosts: [] };

/**
 * The gateway in front of the backend; undefined: it listens on its public port itself and is only observed. Unless
 * said otherwise a gateway stands where the definition says to which port the process goes (`${port}`), or it is handed it.
 */
export function gatewayOf(definition: BackendDefinition): GatewayDefinition | undefined {
  const { port, gateway, oneShot } = definition;
  if (port === undefined || oneShot || gateway === false) return undefined;
  return gateway ?? (saysWhereThePortGoes(definition) ? defaultGateway : undefined);
}

/** So that on another port it would listen there. */
export function saysWhereThePortGoes({ command, env, socketActivation }: BackendDefinition): boolean {
  if (socketActivation === true) return true;
  const texts = [...(typeof command === 'string' ? [command] : command), ...Object.values(env)];
  return texts.some((text) => variablesIn(text).some((use) => use.kind === 'port'));
}
