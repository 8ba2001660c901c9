// An exact fraction. Two minutes at a price per hour, or a price without the tax it includes, have no finite decimal; sums of them must stay
// exact until the one named rounding, and only a fraction can do that.
import { Decimal } from './decimal';
import { divideRounded, powerOfTen, type RoundingRule } from './rounding';

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
    if (this.numerator % this.denominator === 0n) return (this.numerator / this.denominator).toString();
    const scale = this.digitsAfterThePoint();
    if (scale === undefined) {
      const { numerator, denominator } = this.reduced();
      return `${numerator}/${denominator}`;
    }
    return Decimal.of((this.numerator * powerOfTen(scale)) / this.denominator, scale)
      .toString()
      .replace(/0+$/, '');
  }

  toJSON(): string {
    return this.toString();
  }

  /** Enough digits to write this fraction exactly, or undefined if no number of digits is enough. */
  private digitsAfterThePoint(): number | undefined {
    if ((this.numerator * powerOfTen(USUAL_DIGITS)) % this.denominator === 0n) return USUAL_DIGITS;
    // In lowest terms a fraction is a finite decimal exactly if its denominator has no prime factor but 2 and 5.
    let rest = this.reduced().denominator;
    let twos = 0;
    let fives = 0;
    for (; rest % 2n === 0n; rest /= 2n) twos += 1;
    for (; rest % 5n === 0n; rest /= 5n) fives += 1;
    return rest === 1n ? Math.max(twos, fives) : undefined;
  }
}

// Prices of 4 decimals times registers of 0.001 Wh times tax rates of 2 decimals fit; asking once saves the factorisation.
const USUAL_DIGITS = 15;

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
