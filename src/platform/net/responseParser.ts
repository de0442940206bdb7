/** What the first bytes of an answer say, read as they come; pure, so that every torn shape can be tested. */

const maxHeadBytes = 64 * 1024;

export type Framing =
  { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' } | { readonly kind: 'untilClose' };

export interface Head {
  readonly status: number;
  readonly framing: Framing;
}

export type HeadResult =
  | { readonly kind: 'more' }
  | { readonly kind: 'notHttp'; readonly saw: string }
  /** The status line is complete; `rest` is undefined until the whole head is. */
  | { readonly kind: 'status'; readonly status: number; readonly head?: Head; readonly rest?: Buffer };

/** Reads status line and head from everything received so far; interim answers (1xx) are skipped. */
export function readHead(received: Buffer): HeadResult {
  const text = received.toString('latin1', 0, maxHeadBytes);
  const prefix = 'HTTP/';
  if (!text.startsWith(prefix.slice(0, text.length))) return { kind: 'notHttp', saw: describeGarbage(received) };
  const lineEnd = text.indexOf('\n');
  if (lineEnd < 0) {
    return text.length > 1024 ? { kind: 'notHttp', saw: describeGarbage(received) } : { kind: 'more' };
  }
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})(?: |\r?$)/.exec(text.slice(0, lineEnd))?.[1];
  if (status === undefined) return { kind: 'notHttp', saw: describeGarbage(received) };
  const code = Number(status);
  const end = /\r?\n\r?\n/.exec(text);
  if (!end) {
    if (text.length >= maxHeadBytes) return { kind: 'notHttp', saw: 'an answer whose headers do not end' };
    return isInterim(code) ? { kind: 'more' } : { kind: 'status', status: code };
  }
  const rest = received.subarray(end.index + end[0].length);
  if (isInterim(code)) return readHead(rest);
  return { kind: 'status', status: code, head: { status: code, framing: framingOf(text.slice(0, end.index)) }, rest };
}

/** The body received so far and whether it is whole. */
export function readBody(framing: Framing, received: Buffer): { readonly body: Buffer; readonly whole: boolean } {
  switch (framing.kind) {
    case 'length':
      return { body: received.subarray(0, framing.bytes), whole: received.length >= framing.bytes };
    case 'untilClose':
      return { body: received, whole: false };
    case 'chunked':
      return readChunks(received);
  }
}

function isInterim(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101;
}

function framingOf(head: string): Framing {
  if (/^transfer-encoding:.*chunked/im.test(head)) return { kind: 'chunked' };
  const length = /^content-length: *(\d{1,15})/im.exec(head)?.[1];
  return length === undefined ? { kind: 'untilClose' } : { kind: 'length', bytes: Number(length) };
}

function readChunks(received: Buffer): { body: Buffer; whole: boolean } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = received.indexOf(10, at);
    if (lineEnd < 0) break;
    const size = Number.parseInt(received.toString('latin1', at, lineEnd), 16);
    if (size === 0 || !Number.isFinite(size)) return { body: Buffer.concat(parts), whole: true };
    parts.push(received.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size + 2;
  }
  return { body: Buffer.concat(parts), whole: false };
}

/** Names the protocols a developer is likely to have pointed an HTTP probe at by mistake. */
function describeGarbage(received: Buffer): string {
  if (received[0] === 0x15 || received[0] === 0x16) return 'not an HTTP answer (it speaks TLS; use scheme "https")';
  const isSettingsFrame = received.length >= 9 && received[0] === 0 && received[1] === 0 && received[3] === 4;
  if (isSettingsFrame) return 'not an HTTP/1.1 answer (it speaks HTTP/2 only)';
  const line = received.toString('latin1', 0, 60).split(/\r?\n/, 1)[0] ?? '';
  return `not an HTTP answer: ${JSON.stringify(line.replace(/[^\x20-\x7e]/g, '.'))}`;
}
