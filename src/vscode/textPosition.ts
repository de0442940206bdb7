export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/** Turns offsets into positions of a text that may not be open in an editor. */
export class TextPositions {
  private readonly lineStarts: readonly number[];

  constructor(private readonly text: string) {
    const starts = [0];
    const lineEnd = /\r\n|\r|\n/g;
    while (lineEnd.exec(text) !== null) starts.push(lineEnd.lastIndex);
    this.lineStarts = starts;
  }

  at(offset: number): TextPosition {
    const clamped = Math.min(Math.max(0, offset), this.text.length);
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - (this.lineStarts[low] ?? 0) };
  }
}
