const escape = 0x1b;
const bell = 0x07;

type State = 'text' | 'escape' | 'control' | 'string' | 'stringEscape';

/**
 * Takes terminal sequences (colours, titles, links) out of a stream. It keeps its state between chunks, since
 * a sequence may be torn, and looks at each character once whatever is sent.
 */
export class AnsiStripper {
  private state: State = 'text';

  strip(chunk: string): string {
    if (this.state === 'text' && !chunk.includes('\u001b')) return chunk;
    let plain = '';
    let textStart = this.state === 'text' ? 0 : chunk.length;
    for (let i = 0; i < chunk.length; i++) {
      const wasText = this.state === 'text';
      this.state = next(this.state, chunk.charCodeAt(i));
      if (wasText && this.state !== 'text') plain += chunk.slice(textStart, i);
      if (!wasText && this.state === 'text') textStart = i + 1;
    }
    return this.state === 'text' ? plain + chunk.slice(textStart) : plain;
  }
}

function next(state: State, code: number): State {
  switch (state) {
    case 'text':
      return code === escape ? 'escape' : 'text';
    case 'escape':
      return afterEscape(code);
    case 'control':
      return code >= 0x40 && code <= 0x7e ? 'text' : 'control';
    case 'string':
      if (code === escape) return 'stringEscape';
      // A line end inside a string means it was never closed; the text after it must not be swallowed.
      return code === bell || code === 0x0a ? 'text' : 'string';
    case 'stringEscape':
      return 'text';
  }
}

function afterEscape(code: number): State {
  if (code === 0x5b) return 'control';
  // `]`, `P`, `X`, `^` and `_` open a string; intermediate characters wait for their final one.
  if ([0x5d, 0x50, 0x58, 0x5e, 0x5f].includes(code)) return 'string';
  return code >= 0x20 && code <= 0x2f ? 'escape' : 'text';
}
