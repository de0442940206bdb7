import type { BackendDefinition } from './backendDefinition';

/** Programs whose port speaks something a browser cannot show. */
const notForBrowsers =
  /(^|[\s/\\])(postgres|pg_ctl|mysqld?|mariadbd?|redis-server|valkey-server|memcached|mongod|nats-server|mosquitto|beanstalkd|rabbitmq-server|kafka-server-start(\.sh)?)(\s|$)/;

/** Where a browser finds the backend; undefined without a port and for programs that speak no HTTP. */
export function backendUrl(definition: BackendDefinition, port: number | undefined): string | undefined {
  if (port === undefined) return undefined;
  const http = definition.ready.probes.find((probe) => probe.kind === 'http');
  if (http !== undefined) return `${http.scheme}://localhost:${port}`;
  const command = typeof definition.command === 'string' ? definition.command : definition.command.join(' ');
  return notForBrowsers.test(command) ? undefined : `http://localhost:${port}`;
}
