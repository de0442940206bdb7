/** Said of a ready backend that declares no port: what it would gain by one. */
export function portHint(listensOn: readonly number[]): string | undefined {
  const [port, ...more] = [...listensOn].sort((a, b) => a - b);
  if (port === undefined) return undefined;
  const gain = 'to open it from here, to be told when it answers, and to let it sleep when nobody uses it';
  return more.length === 0
    ? `it listens on ${port}; add "port": ${port} ${gain}`
    : `it listens on ${[port, ...more].join(', ')}; add the one that is meant as "port" ${gain}`;
}
