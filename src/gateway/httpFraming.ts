/** Where an HTTP/1.1 message ends. Looks at bytes that are passed on; changes none of them. */

export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  /** A response that ends with its connection. */
  | { readonly kind: 'untilClose' };

const cr = 13;
const lf = 10;
/** Thirteen hex digits are more than any body and still an exact number. */
const maxSizeDigits = 13;
/** CR, and what begins an extension. */
const beforeExtension: ReadonlySet<number> = new Set([cr, 9, 32, 59]);

/** Every line ends with CR LF: a reader that takes less for an end sees another message than one that does not. */
type ChunkedPart =
  'size' | 'extension' | 'sizeEnd' | 'data' | 'dataCr' | 'dataEnd' | 'trailerStart' | 'trailer' | TheirEnd;
type TheirEnd = 'trailerEnd' | 'lastEnd';

/** Index after the empty line that ends a head which begins at `from`; -1: it is not complete. */
export function endOfHead(bytes: Buffer, from: number): number {
  const strict = bytes.indexOf('\n\r\n', from, 'latin1');
  const lenient = (strict < 0 ? bytes : bytes.subarray(0, strict)).indexOf('\n\n', from, 'latin1');
  if (lenient >= 0) return lenient + 2;
  return strict < 0 ? -1 : strict + 3;
}

/** Follows one body after the other, in pieces of any size. */
export class BodyScanner {
  private kind: Framing['kind'] = 'none';
  private left = 0;
  private part: ChunkedPart = 'size';
  private digits = 0;
  private isBroken = false;

  get done(): boolean {
    return this.kind === 'none';
  }

  /** The chunks make no sense, or not the same to everybody. */
  get broken(): boolean {
    return this.isBroken;
  }

  get endsWithConnection(): boolean {
    return this.kind === 'untilClose';
  }

  start(framing: Framing): void {
    this.kind = framing.kind === 'length' && framing.length === 0 ? 'none' : framing.kind;
    this.left = framing.kind === 'length' ? framing.length : 0;
    this.part = 'size';
    this.digits = 0;
  }

  /** Index after the last byte of `bytes` (from `from` on) that belongs to this body. */
  consume(bytes: Buffer, from: number): number {
    if (this.kind === 'length') {
      const end = this.skip(bytes, from);
      if (this.left === 0) this.kind = 'none';
      return end;
    }
    if (this.kind === 'untilClose') return bytes.length;
    let at = from;
    while (at < bytes.length && this.kind === 'chunked' && !this.isBroken) at = this.consumeChunked(bytes, at);
    return at;
  }

  private skip(bytes: Buffer, from: number): number {
    const taken = Math.min(this.left, bytes.length - from);
    this.left -= taken;
    return from + taken;
  }

  private consumeChunked(bytes: Buffer, at: number): number {
    switch (this.part) {
      case 'size':
        this.takeSize(bytes[at] ?? 0);
        return at + 1;
      case 'data': {
        const end = this.skip(bytes, at);
        if (this.left === 0) this.part = 'dataCr';
        return end;
      }
      default:
        this.takeLineByte(this.part, bytes[at] ?? 0);
        return at + 1;
    }
  }

  private takeLineByte(part: Exclude<ChunkedPart, 'size' | 'data'>, byte: number): void {
    switch (part) {
      case 'extension':
        this.takeRest(byte, 'sizeEnd');
        return;
      case 'trailer':
        this.takeRest(byte, 'trailerEnd');
        return;
      case 'trailerStart':
        this.part = 'trailer';
        this.takeRest(byte, byte === cr ? 'lastEnd' : 'trailerEnd');
        return;
      case 'dataCr':
        this.isBroken = byte !== cr;
        this.part = 'dataEnd';
        return;
      default:
        this.isBroken = byte !== lf;
        if (!this.isBroken) this.lineEnded(part);
    }
  }

  private lineEnded(part: 'sizeEnd' | 'dataEnd' | TheirEnd): void {
    if (part === 'lastEnd') this.kind = 'none';
    else if (part === 'dataEnd') this.expectSize();
    else if (part === 'sizeEnd' && this.left > 0) this.part = 'data';
    else this.part = 'trailerStart';
  }

  private takeRest(byte: number, end: ChunkedPart): void {
    if (byte === cr) this.part = end;
    else if (byte === lf) this.isBroken = true;
  }

  private takeSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.left = this.left * 16 + digit;
      if (++this.digits > maxSizeDigits) this.isBroken = true;
    } else if (this.digits === 0 || !beforeExtension.has(byte)) this.isBroken = true;
    else this.part = byte === cr ? 'sizeEnd' : 'extension';
  }

  private expectSize(): void {
    this.part = 'size';
    this.digits = 0;
    this.left = 0;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
