/** Entries of a backend's timeline and readiness history that are kept. */
export const historyLength = 100;

/** The last entries of something that never ends, oldest first. */
export class History<T> {
  private kept: readonly T[] = [];

  constructor(private readonly capacity: number = historyLength) {}

  add(entry: T): void {
    this.kept = [...this.kept, entry].slice(-this.capacity);
  }

  /** The last entry gives way to what became of it. */
  replaceLast(entry: T): void {
    this.kept = [...this.kept.slice(0, -1), entry];
  }

  /** Replaces the newest entry for which `which` holds. */
  replaceNewest(which: (entry: T) => boolean, by: (entry: T) => T): void {
    const at = this.kept.findLastIndex(which);
    this.kept = this.kept.map((entry, index) => (index === at ? by(entry) : entry));
  }

  /** A list that later additions do not change. */
  entries(): readonly T[] {
    return this.kept;
  }

  clear(): void {
    this.kept = [];
  }
}
