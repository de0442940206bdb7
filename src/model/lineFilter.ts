/**
 * Which lines of a log somebody wants to see, written as in the editor's own output view: `text`, `!not this`,
 * `this, or this`. Upper and lower case are the same; `\,` is a comma.
 */
export class LineFilter {
  private readonly wanted: readonly string[];
  private readonly unwanted: readonly string[];

  constructor(readonly text: string) {
    const parts = text
      .split(/(?<!\\),/)
      .map((part) => part.replaceAll('\\,', ',').trim().toLowerCase())
      .filter((part) => part !== '' && part !== '!');
    this.wanted = parts.filter((part) => !part.startsWith('!'));
    this.unwanted = parts.filter((part) => part.startsWith('!')).map((part) => part.slice(1).trim());
  }

  /** Nothing is asked for: every line matches. */
  get isEmpty(): boolean {
    return this.wanted.length === 0 && this.unwanted.length === 0;
  }

  /** `line` without terminal sequences. */
  matches(line: string): boolean {
    const text = line.toLowerCase();
    if (this.unwanted.some((part) => text.includes(part))) return false;
    return this.wanted.length === 0 || this.wanted.some((part) => text.includes(part));
  }
}
