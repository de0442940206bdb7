/** Every key of the file format. The JSON schema must name the same ones: a test holds both together. */
export const knownKeys = {
  file: ['$schema', 'backends'],
  backend: [
    'command',
    'cwd',
    'env',
    'envFile',
    'port',
    'gateway',
    'socketActivation',
    'ready',
    'dependsOn',
    'idleTimeout',
    'activity',
    'liveness',
    'oneShot',
    'stop',
    'restart',
    'autoStart',
  ],
  gateway: ['wakeOn', 'hosts'],
  ready: ['tcp', 'http', 'log', 'exec', 'grpc', 'unix', 'fd', 'timeout', 'probeTimeout', 'successThreshold'],
  http: ['path', 'method', 'status', 'headers', 'body', 'scheme'],
  log: ['pattern', 'flags'],
  activity: ['openStreams', 'ignorePaths', 'ignoreAgents', 'logs', 'cpu'],
  liveness: ['tcp', 'http', 'exec', 'grpc', 'unix', 'period'],
  stop: ['signal', 'grace', 'strict', 'quiesce'],
  quiesce: ['http', 'exec'],
} as const;

/** A backend's name: it is part of keys, file names, `folder/name` and `${backend:NAME.port}`. */
export const namePattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';

/** Signals that a stop may begin with: those whose purpose is to end a program. */
export const stopSignals = [
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGABRT',
  'SIGKILL',
] as const;
