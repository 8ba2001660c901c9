// The energy that had flowed at any instant of a session, from its register readings: exact where a reading is, in between spread over the
// time in which the car was charging.
import { Decimal } from '@evenkeel/money';
import type { Reading } from './session-facts';

/** Milliseconds since 1970 and micro-watt-hours, so that all arithmetic is on integers. */
interface Point {
  ms: number;
  microWh: bigint;
  factId: string;
}

export interface Interval {
  fromMs: number;
  toMs: number;
}

const MICRO = 6;
/** Interpolated edges are cut to this: a thousandth of a watt-hour. */
const RESOLUTION = 1000n;

export class EnergyCurve {
  private constructor(
    private readonly points: readonly Point[],
    private readonly charging: readonly Interval[],
    /** Readings that the register cannot have shown, because it never falls. */
    readonly implausible: readonly Reading[],
  ) {}

  /** @param charging when the car was charging, in order and not overlapping. */
  static of(readings: readonly Reading[], charging: readonly Interval[], fromMs: number, toMs: number): EnergyCurve {
    const implausible: Reading[] = [];
    const points: Point[] = [];
    // The station's own end reading is what the session ends with; a sample above it was not shown by this register.
    const end = readings.findLast((reading) => reading.context === 'Transaction.End');
    const ceiling = end === undefined ? undefined : microWh(end.wh);
    for (const reading of readings) {
      const ms = Math.min(Math.max(Date.parse(reading.at), fromMs), toMs);
      const value = microWh(reading.wh);
      if ((ceiling !== undefined && value > ceiling) || value < (points.at(-1)?.microWh ?? value)) implausible.push(reading);
      else points.push({ ms, microWh: value, factId: reading.factId });
    }
    return new EnergyCurve(points, charging, implausible);
  }

  get totalMicroWh(): bigint {
    return (this.points.at(-1)?.microWh ?? 0n) - this.baseline;
  }

  /** Energy since the session began, at an instant. */
  at(ms: number): bigint {
    const next = this.points.findIndex((point) => point.ms >= ms);
    if (next === -1) return this.totalMicroWh;
    const right = this.points[next];
    const left = this.points[next - 1];
    if (right === undefined || left === undefined) return 0n;
    // Of several readings at one instant the last one is what had flowed by then.
    if (right.ms === ms) return (this.points.findLast((point) => point.ms === ms) ?? right).microWh - this.baseline;
    const weightOf = (toMs: number) => BigInt(this.chargingWithin(left.ms, toMs));
    const whole = weightOf(right.ms);
    const [part, all] = whole > 0n ? [weightOf(ms), whole] : [BigInt(ms - left.ms), BigInt(right.ms - left.ms)];
    const flowed = ((right.microWh - left.microWh) * part) / all;
    return left.microWh - this.baseline + (flowed / RESOLUTION) * RESOLUTION;
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

  /** Ids of the facts whose readings bound and fill an interval. */
  evidence(fromMs: number, toMs: number): string[] {
    const before = this.points.findLastIndex((point) => point.ms <= fromMs);
    const after = this.points.findIndex((point) => point.ms >= toMs);
    const bounding = this.points.slice(Math.max(before, 0), after === -1 ? undefined : after + 1);
    // The readings at the two edges carry the amount; those between them only its shape.
    return [...new Set([bounding[0], bounding.at(-1)].flatMap((point) => (point === undefined ? [] : [point.factId])))];
  }

  private get baseline(): bigint {
    return this.points[0]?.microWh ?? 0n;
  }

  private chargingWithin(fromMs: number, toMs: number): number {
    let total = 0;
    for (const interval of this.charging) total += Math.max(0, Math.min(interval.toMs, toMs) - Math.max(interval.fromMs, fromMs));
    return total;
  }
}

export function microWh(text: string): bigint {
  return Decimal.parse(text).toScale(MICRO, 'half-away-from-zero').value;
}

/** Decimal text in Wh without trailing zeros. */
export function whText(micro: bigint): string {
  const text = Decimal.of(micro, MICRO).toString();
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
