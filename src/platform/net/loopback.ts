/** The addresses behind a loopback name; no resolver is asked, its order and families differ per machine. */
export function loopbackAddresses(host = 'localhost'): readonly string[] {
  return host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
}

/** Whether the textual address can only be reached from this machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** `127.0.0.1:3000`, `[::1]:3000`. */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
