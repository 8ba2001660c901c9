// The energy that had flowed at any instant of a session: exact where a reading is, in between spread over the time in which the car was
// charging.
import type { Point } from './register';

export interface Interval {
  fromMs: number;
  toMs: number;
}

/** Interpolated edges are cut to this: a thousandth of a watt-hour. */
const RESOLUTION = 1000n;

export class EnergyCurve {
  /**
   * @param points in order of time, never falling, the first at 0.
   * @param charging when energy may have flowed, in order and not overlapping.
   */
  constructor(
    private readonly points: readonly Point[],
    private readonly charging: readonly Interval[],
  ) {}

  get totalMicroWh(): bigint {
    return this.points.at(-1)?.microWh ?? 0n;
  }

  /** Energy since the session began, at an instant. */
  at(ms: number): bigint {
    const next = this.firstAtOrAfter(ms);
    const right = this.points[next];
    const left = this.points[next - 1];
    if (right === undefined) return this.totalMicroWh;
    // Of several readings at one instant the last one is what had flowed by then.
    if (right.ms === ms) return this.lastAt(next).microWh;
    if (left === undefined) return 0n;
    const weightOf = (toMs: number) => BigInt(this.chargingWithin(left.ms, toMs));
    const whole = weightOf(right.ms);
    const [part, all] = whole > 0n ? [weightOf(ms), whole] : [BigInt(ms - left.ms), BigInt(right.ms - left.ms)];
    const flowed = ((right.microWh - left.microWh) * part) / all;
    return left.microWh + (flowed / RESOLUTION) * RESOLUTION;
  }

  /** The first instant, to the second, at which so much energy had flowed; undefined when it never had. */
  whenReached(target: bigint): number | undefined {
    if (target <= 0n || this.totalMicroWh < target) return undefined;
    let [low, high] = [this.points[0]?.ms ?? 0, this.points.at(-1)?.ms ?? 0];
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000;
      if (middle === low) break;
      if (this.at(middle) < target) low = middle;
      else high = middle;
    }
    return Math.ceil(high / 1000) * 1000;
  }

  /** Whether the energy at an instant is a reading, and not between two. */
  isReadAt(ms: number): boolean {
    return this.points[this.firstAtOrAfter(ms)]?.ms === ms;
  }

  /** Ids of the facts whose readings bound an interval; those between them only give its shape. */
  evidence(fromMs: number, toMs: number): string[] {
    const after = this.firstAtOrAfter(toMs);
    const before = this.firstAtOrAfter(fromMs + 1) - 1;
    const bounding = [this.points[Math.max(before, 0)], this.points[after] ?? this.points.at(-1)];
    return [...new Set(bounding.flatMap((point) => (point === undefined ? [] : [point.factId])))];
  }

  /** Binary search, because a session may have ten thousand readings and many cuts. */
  private firstAtOrAfter(ms: number): number {
    let [low, high] = [0, this.points.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.points[middle]?.ms ?? 0) < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private lastAt(first: number): Point {
    let index = first;
    while (this.points[index + 1]?.ms === this.points[first]?.ms) index += 1;
    return this.points[index] as Point;
  }

  private chargingWithin(fromMs: number, toMs: number): number {
    let total = 0;
    for (const interval of this.charging) total += Math.max(0, Math.min(interval.toMs, toMs) - Math.max(interval.fromMs, fromMs));
    return total;
  }
}
