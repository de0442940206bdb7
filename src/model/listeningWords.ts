/** What to say of a backend that listens, but not where it is looked for. Pure. */

export interface ListeningPlace {
  readonly port: number;
  /** Textual: `127.0.0.1`, `0.0.0.0`, `::1`, `::`. */
  readonly address: string;
}

const reachable = /^(127\.0\.0\.1|::1|0\.0\.0\.0|::)$/;

/**
 * `it listens on port 5174 instead of 5173`, `it listens on 192.168.1.5 only, which localhost does not reach`;
 * undefined when it listens nowhere, or as it should.
 */
export function listeningWords(places: readonly ListeningPlace[], port: number): string | undefined {
  const onPort = places.filter((place) => place.port === port);
  if (onPort.some(({ address }) => reachable.test(address))) return undefined;
  if (onPort.length > 0) {
    return `it listens on ${listed(onPort.map(({ address }) => address))} only, which localhost does not reach`;
  }
  const others = [...new Set(places.map((place) => place.port))].sort((a, b) => a - b);
  if (others.length === 0) return undefined;
  return `it listens on port ${listed(others.map(String))} instead of ${port}`;
}

function listed(items: readonly string[]): string {
  return [...new Set(items)].join(' and ');
}
