import type { LineFilter } from './lineFilter';
import { isRunMark } from './runMark';

/** A line without end is looked at in pieces of this size. */
const longestLine = 16_384;
/** What `TerminalFilter` leaves in its text. */
const sequences = /\u001b\[[\d;:]*[A-Za-z`]/g;
const reset = '\u001b[0m';

/** Cuts a stream of terminal text into lines and lets those through that match, with the marks that begin and end the run they are in. */
export class FilteredLines {
  private open = '';
  private mark: string | undefined;
  /** Lines of this run were shown: how it ends belongs to them. */
  private inRun = false;

  constructor(private readonly filter: LineFilter) {}

  /** The matching lines that are complete now, without their line ends. */
  push(text: string): readonly string[] {
    const lines = (this.open + text).split('\n');
    this.open = lines.pop() ?? '';
    const shown = lines.flatMap((line) => this.look(line));
    while (this.open.length > longestLine) {
      shown.push(...this.look(this.open.slice(0, longestLine)));
      this.open = this.open.slice(longestLine);
    }
    return shown;
  }

  private look(line: string): readonly string[] {
    const plain = line.includes('\u001b') ? line.replace(sequences, '') : line;
    if (isRunMark(plain)) {
      const ends = this.inRun;
      this.inRun = false;
      this.mark = ends ? undefined : line;
      return ends ? [line] : [];
    }
    if (!this.filter.matches(plain)) return [];
    const mark = this.mark === undefined ? [] : [this.mark];
    this.mark = undefined;
    this.inRun = true;
    const shown = line.replace(/\r$/, '');
    // The colour may have been meant for the lines that are left out.
    return [...mark, shown.includes('\u001b') ? `${shown}${reset}` : shown];
  }
}
