// A finite decimal number held exactly: prices, percentages, energy. It exists so that 0.1 + 0.2 is 0.3 wherever money is near.
import { divideRounded, powerOfTen, type RoundingRule } from './rounding';

// Longer than any price, register or rate in the field; it bounds the work that a hostile number can cause.
const LONGEST_TEXT = 64;
const DECIMAL_TEXT = /^-?\d+(?:\.\d+)?$/;

/** `value / 10^scale`. Immutable. The scale is kept as written ("1.50" prints as "1.50"); comparison is by value. */
export class Decimal {
  static readonly ZERO = new Decimal(0n, 0);

  private constructor(
    readonly value: bigint,
    readonly scale: number,
  ) {}

  static of(value: bigint, scale = 0): Decimal {
    if (!Number.isInteger(scale) || scale < 0) throw new RangeError(`a scale is a whole number of digits, not ${scale}`);
    return new Decimal(value, scale);
  }

  /** Reads plain decimal text: an optional minus, digits, optionally a point and digits. No exponent, no spaces, no separators. */
  static parse(text: string): Decimal {
    if (text.length > LONGEST_TEXT || !DECIMAL_TEXT.test(text)) throw new RangeError(`not a decimal: ${JSON.stringify(text.slice(0, 80))}`);
    const point = text.indexOf('.');
    if (point < 0) return new Decimal(BigInt(text), 0);
    return new Decimal(BigInt(text.slice(0, point) + text.slice(point + 1)), text.length - point - 1);
  }

  /**
   * Takes a number that a JSON parser has read. The shortest text that denotes the same binary float is what the sender wrote
   * (up to 15 significant digits), so going through that text gives the decimal that was meant.
   */
  static fromJsonNumber(number: number): Decimal {
    if (!Number.isFinite(number)) throw new RangeError(`not a decimal: ${number}`);
    const [digits = '', exponent] = String(number).split('e');
    const written = Decimal.parse(digits);
    if (exponent === undefined) return written;
    const scale = written.scale - Number(exponent);
    if (Math.abs(scale) > LONGEST_TEXT) throw new RangeError(`not a decimal of at most ${LONGEST_TEXT} digits: ${number}`);
    return scale >= 0 ? new Decimal(written.value, scale) : new Decimal(written.value * powerOfTen(-scale), 0);
  }

  add(other: Decimal): Decimal {
    if (this.scale === other.scale) return new Decimal(this.value + other.value, this.scale);
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(valueAt(this, scale) + valueAt(other, scale), scale);
  }

  subtract(other: Decimal): Decimal {
    return this.add(other.negate());
  }

  multiply(other: Decimal): Decimal {
    return new Decimal(this.value * other.value, this.scale + other.scale);
  }

  negate(): Decimal {
    return new Decimal(-this.value, this.scale);
  }

  /** Without its sign. */
  get absolute(): Decimal {
    return this.isNegative ? this.negate() : this;
  }

  /** Negative, zero or positive, as `Array.sort` wants it. */
  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const left = valueAt(this, scale);
    const right = valueAt(other, scale);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  get isZero(): boolean {
    return this.value === 0n;
  }

  get isNegative(): boolean {
    return this.value < 0n;
  }

  /** The same number with exactly `scale` digits after the point; digits that do not fit are rounded by the rule. */
  toScale(scale: number, rule: RoundingRule): Decimal {
    if (scale === this.scale) return this;
    if (scale > this.scale) return new Decimal(valueAt(this, scale), scale);
    return new Decimal(divideRounded(this.value, powerOfTen(this.scale - scale), rule), scale);
  }

  toString(): string {
    if (this.scale === 0) return this.value.toString();
    const digits = (this.isNegative ? -this.value : this.value).toString().padStart(this.scale + 1, '0');
    const point = digits.length - this.scale;
    return `${this.isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function valueAt(decimal: Decimal, scale: number): bigint {
  return scale === decimal.scale ? decimal.value : decimal.value * powerOfTen(scale - decimal.scale);
}
