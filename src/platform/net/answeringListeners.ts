import type { Listener } from './types';

/** The listeners that get a connection to `address`: a specific one goes before a wildcard. */
export function answeringListeners(
  listeners: readonly Listener[],
  port: number,
  address: string | undefined,
): readonly Listener[] {
  const onPort = listeners.filter((listener) => listener.port === port);
  if (address === undefined) return onPort;
  const wildcards = address.includes(':') ? ['::'] : ['0.0.0.0', '::'];
  for (const candidate of [address, ...wildcards]) {
    const matching = onPort.filter((listener) => listener.address === candidate);
    if (matching.length > 0) return matching;
  }
  return [];
}
