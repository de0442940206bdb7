/** Where debuggers put the port they attach to: `port` (Node, Java, Go …) or `connect.port` (Python). */
const hostKeys = ['address', 'host', 'hostName'] as const;
const thisMachine: readonly unknown[] = [undefined, '', 'localhost', '127.0.0.1', '::1'];

/** The port of this machine that a launch configuration attaches to; undefined when it does not say so. */
export function attachedPort(configuration: Readonly<Record<string, unknown>>): number | undefined {
  if (configuration['request'] !== 'attach') return undefined;
  const { connect } = configuration;
  const place = typeof connect === 'object' && connect !== null ? { ...connect } : configuration;
  const value = (key: string): unknown => Reflect.get(place, key);
  if (!hostKeys.every((key) => thisMachine.includes(value(key)))) return undefined;
  const port = Number(value('port'));
  return Number.isInteger(port) && port > 0 ? port : undefined;
}
