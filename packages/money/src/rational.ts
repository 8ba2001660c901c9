// An exact fraction. Two minutes at a price per hour, or a price without the tax it includes, have no finite decimal; sums of them must stay
// exact until the one named rounding, and only a fraction can do that.
import { Decimal } from './decimal';
import { divideRounded, exponentOfTen, powerOfTen, type RoundingRule } from './rounding';

/**
 * `numerator / denominator`, immutable, the denominator always positive. Fractions are reduced to lowest terms when they are written, not at
 * every step: a session has a handful of different denominators, and a greatest common divisor costs more than all other steps together.
 */
export class Rational {
  static readonly ZERO = new Rational(0n, 1n);

  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  static of(numerator: bigint, denominator = 1n): Rational {
    if (denominator === 0n) throw new RangeError('a fraction cannot have the denominator 0');
    return denominator > 0n ? new Rational(numerator, denominator) : new Rational(-numerator, -denominator);
  }

  static fromDecimal(decimal: Decimal): Rational {
    return new Rational(decimal.value, powerOfTen(decimal.scale));
  }

  add(other: Rational): Rational {
    const left = this.denominator;
    const right = other.denominator;
    if (left === right) return new Rational(this.numerator + other.numerator, left);
    if (left % right === 0n) return new Rational(this.numerator + other.numerator * (left / right), left);
    if (right % left === 0n) return new Rational(this.numerator * (right / left) + other.numerator, right);
    // The least common multiple keeps the denominator of a long sum as small as its largest part asks for.
    const shared = greatestCommonDivisor(left, right);
    const leftFactor = right / shared;
    return new Rational(this.numerator * leftFactor + other.numerator * (left / shared), left * leftFactor);
  }

  subtract(other: Rational): Rational {
    return this.add(other.negate());
  }

  multiply(other: Rational): Rational {
    return new Rational(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  divide(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  negate(): Rational {
    return new Rational(-this.numerator, this.denominator);
  }

  /** Without its sign. */
  get absolute(): Rational {
    return this.numerator < 0n ? this.negate() : this;
  }

  /** Negative, zero or positive, as `Array.sort` wants it. */
  compare(other: Rational): number {
    const left = this.numerator * other.denominator;
    const right = other.numerator * this.denominator;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Rational): boolean {
    return this.compare(other) === 0;
  }

  get isZero(): boolean {
    return this.numerator === 0n;
  }

  /** The fraction in lowest terms. */
  reduced(): Rational {
    const divisor = greatestCommonDivisor(this.numerator, this.denominator);
    return new Rational(this.numerator / divisor, this.denominator / divisor);
  }

  toDecimal(scale: number, rule: RoundingRule): Decimal {
    return Decimal.of(divideRounded(this.numerator * powerOfTen(scale), this.denominator, rule), scale);
  }

  /** The exact value as text: "5.125" if a finite decimal exists, otherwise the fraction in lowest terms, "1/6". */
  toString(): string {
    const decimals = exponentOfTen(this.denominator);
    if (decimals !== undefined) return withoutTrailingZeros(Decimal.of(this.numerator, decimals).toString());
    const usual = this.exactlyAt(USUAL_DIGITS);
    if (usual !== undefined) return withoutTrailingZeros(usual.toString());
    const { numerator, denominator } = this.reduced();
    const scale = digitsAfterThePoint(denominator);
    return scale === undefined ? `${numerator}/${denominator}` : withoutTrailingZeros(`${this.exactlyAt(scale)}`);
  }

  toJSON(): string {
    return this.toString();
  }

  /** This fraction with so many digits after the point, or undefined if they are too few. */
  private exactlyAt(scale: number): Decimal | undefined {
    const scaled = this.numerator * powerOfTen(scale);
    const value = scaled / this.denominator;
    return value * this.denominator === scaled ? Decimal.of(value, scale) : undefined;
  }
}

// Prices of 4 decimals times registers of 0.001 Wh times tax rates of 2 decimals fit; asking once saves the factorisation.
const USUAL_DIGITS = 15;

/** How many digits a fraction in lowest terms needs to be written exactly, or undefined if no number of digits is enough. */
function digitsAfterThePoint(denominator: bigint): number | undefined {
  // It is a finite decimal exactly if its denominator has no prime factor but 2 and 5.
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos += 1;
  for (; rest % 5n === 0n; rest /= 5n) fives += 1;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

function withoutTrailingZeros(text: string): string {
  if (!text.includes('.')) return text;
  let end = text.length;
  while (text[end - 1] === '0') end -= 1;
  return text.slice(0, text[end - 1] === '.' ? end - 1 : end);
}

/** Euclid's algorithm; on machine numbers as soon as they fit, which is many times faster than on bigints. */
function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let a = left < 0n ? -left : left;
  let b = right < 0n ? -right : right;
  while (b !== 0n) {
    if (a <= Number.MAX_SAFE_INTEGER && b <= Number.MAX_SAFE_INTEGER) return BigInt(safeDivisor(Number(a), Number(b)));
    [a, b] = [b, a % b];
  }
  return a;
}

function safeDivisor(left: number, right: number): number {
  let a = left;
  let b = right;
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
