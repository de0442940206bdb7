/** A hundred small backends of the kinds a workspace has. */

export interface HundredBackends {
  /** A whole `backends.json`. */
  readonly text: string;
  /** Those with a short idle timeout, which would be asleep before all are up. */
  readonly keepAwake: readonly string[];
  /** In words. */
  readonly described: string;
}

const counts = { watched: 20, observed: 40, workers: 40 };

/** A listener of 6 MB that costs nothing: it takes what comes and closes it. */
const listen = [
  'socket(S, PF_INET, SOCK_STREAM, 0)',
  'setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1)',
  'bind(S, sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die $!',
  'listen(S, 16)',
  'while (accept(C, S)) { close(C) }',
].join('; ');

export function hundredBackends(): HundredBackends {
  const listener = { command: ['perl', '-MSocket', '-e', listen, '${port}'], port: 'auto', gateway: false };
  const named = (prefix: string, count: number, backend: object): (readonly [string, object])[] =>
    Array.from({ length: count }, (_, index) => [`${prefix}-${index + 1}`, backend]);
  const watched = named('watched', counts.watched, { ...listener, idleTimeout: '30s' });
  const backends = [
    ...watched,
    ...named('observed', counts.observed, { ...listener, idleTimeout: '15m' }),
    ...named('worker', counts.workers, { command: ['sleep', '86400'] }),
  ];
  return {
    text: JSON.stringify({ backends: Object.fromEntries(backends) }, undefined, 2),
    keepAwake: watched.map(([name]) => name),
    described:
      `${counts.observed} backends with a port and 15 min of idle timeout, ${counts.watched} with 30 s that are kept ` +
      `awake, ${counts.workers} without a port`,
  };
}
