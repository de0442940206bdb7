import { maxRequestHeadBytes } from './limits';

/**
 * Whether the first bytes of a connection begin a request of HTTP/1. Everything else (TLS, HTTP/2 in clear text,
 * databases, mail …) is passed through as it is.
 */
export function sniff(bytes: Buffer): 'http' | 'raw' | 'undecided' {
  const lineEnd = bytes.indexOf(10);
  const line = bytes.toString('latin1', 0, lineEnd < 0 ? Math.min(bytes.length, maxRequestHeadBytes) : lineEnd);
  if (lineEnd >= 0) return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP\/1\.[01]\r?$/.test(line) ? 'http' : 'raw';
  if (bytes.length >= maxRequestHeadBytes) return 'raw';
  // Methods are written in capitals: lower-case words without an end of line belong to something else.
  return /^[A-Z-]{1,32}( [\x21-\x7e]*( [HTP/1.0]*\r?)?)?$/.test(line) ? 'undecided' : 'raw';
}
