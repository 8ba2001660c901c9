import { TokenBucket } from './token-bucket';

describe('a token bucket', () => {
  it('lets a burst through, then so many a second, and says when the next one may come', () => {
    const bucket = new TokenBucket(10, 3, 0);
    expect([0, 0, 0].map((nowMs) => bucket.take(nowMs))).toEqual([0, 0, 0]);
    expect(bucket.take(0)).toBe(100);
    expect(bucket.take(50)).toBe(50);
    expect(bucket.take(100)).toBe(0);
    expect(bucket.take(100)).toBe(100);
  });

  it('never holds more than a burst', () => {
    const bucket = new TokenBucket(10, 3, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(60_000))).toEqual([0, 0, 0, 100]);
  });

  it('tells those who wait their turn, each one later than the one before', () => {
    const bucket = new TokenBucket(10, 1, 0);
    expect([0, 0, 0].map((nowMs) => bucket.reserve(nowMs))).toEqual([0, 100, 200]);
    expect(bucket.reserve(200)).toBe(100);
  });
});
