// How often something may happen: so often a second, and so often at once. Times are of a clock that never goes back.
export class TokenBucket {
  private tokens: number;
  private atMs: number;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    nowMs: number,
  ) {
    this.tokens = burst;
    this.atMs = nowMs;
  }

  /** @returns 0 where it may happen now, else in how many ms it may; then nothing is taken. */
  take(nowMs: number): number {
    this.fill(nowMs);
    if (this.tokens < 1) return this.missingMs(1 - this.tokens);
    this.tokens -= 1;
    return 0;
  }

  /** Takes in any case. @returns how long to wait for it: whoever comes later waits longer. */
  reserve(nowMs: number): number {
    this.fill(nowMs);
    this.tokens -= 1;
    return this.tokens >= 0 ? 0 : this.missingMs(-this.tokens);
  }

  private fill(nowMs: number): void {
    this.tokens = Math.min(this.burst, this.tokens + ((nowMs - this.atMs) / 1000) * this.perSecond);
    this.atMs = nowMs;
  }

  private missingMs(tokens: number): number {
    return Math.ceil((tokens / this.perSecond) * 1000);
  }
}

/** A bucket for each partner, or for each of what they use; a burst is what two seconds bring, unless it is said. */
export class PartnerBuckets {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(
    private readonly perSecond: number,
    private readonly burst = 2 * perSecond,
  ) {}

  of(key: string): TokenBucket {
    const bucket = this.buckets.get(key) ?? new TokenBucket(this.perSecond, this.burst, performance.now());
    this.buckets.set(key, bucket);
    return bucket;
  }
}
