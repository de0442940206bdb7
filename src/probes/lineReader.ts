import { AnsiStripper } from './ansiStripper';

/** Text beyond this in one line is not looked at. */
export const maxLineLength = 2_048;

export interface Lines {
  /** Lines that are complete now. */
  readonly complete: readonly string[];
  /** The line begun but not ended, whole so far: prompts have no line end. */
  readonly open: string;
}

/** Cuts a stream of output into plain lines; a carriage return also ends one (progress bars). */
export class LineReader {
  private readonly ansi = new AnsiStripper();
  private open = '';

  read(chunk: string): Lines {
    const [first = '', ...rest] = this.ansi.strip(chunk).split(/[\r\n]+/);
    const last = rest.pop();
    const begun = this.open + first.slice(0, maxLineLength - this.open.length);
    if (last === undefined) {
      this.open = begun;
      return { complete: [], open: begun };
    }
    this.open = last.slice(0, maxLineLength);
    return { complete: [begun, ...rest.map((line) => line.slice(0, maxLineLength))], open: this.open };
  }
}
