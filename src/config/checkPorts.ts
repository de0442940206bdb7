import type { ReadBackend } from './readBackend';

/** Two backends cannot listen on one port; the later one is refused. */
export function checkPorts(backends: Iterable<ReadBackend>): void {
  const owners = new Map<number, string>();
  for (const { definition, reader, port } of backends) {
    if (port === undefined || typeof definition.port !== 'number') continue;
    const owner = owners.get(definition.port);
    if (owner === undefined) owners.set(definition.port, definition.name);
    else reader.report('duplicatePort', port, `Port ${definition.port} already belongs to "${owner}".`);
  }
}
