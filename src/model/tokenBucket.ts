/** So many at once, and so many each second after that. Pure: the caller brings the time. */
export class TokenBucket {
  private tokens: number;
  private filledMs: number | undefined;

  constructor(
    private readonly capacity: number,
    private readonly refillPerSecond: number,
  ) {
    this.tokens = capacity;
  }

  /** Takes one if there is one. Time that goes backwards refills nothing. */
  take(nowMs: number): boolean {
    const passedMs = Math.max(0, nowMs - (this.filledMs ?? nowMs));
    this.filledMs = nowMs;
    this.tokens = Math.min(this.capacity, this.tokens + (passedMs / 1_000) * this.refillPerSecond);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
