// An exact fraction of the reference's own. It exists beside the one of @evenkeel/money so that a mistake in the one cannot hide in the other.

// Under jest every look at a global takes longer than the arithmetic.
const toBigInt = BigInt;

/** Immutable; the denominator is positive. Lowest terms are found only where a fraction is written. */
export class Fraction {
  static readonly ZERO = new Fraction(0n, 1n);
  static readonly ONE = new Fraction(1n, 1n);

  private constructor(
    private readonly numerator: bigint,
    private readonly denominator: bigint,
  ) {}

  static of(number: number): Fraction {
    return new Fraction(toBigInt(number), 1n);
  }

  /** Reads "5.125", "-3" and "1/6". */
  static parse(text: string): Fraction {
    const [above = '', below = '1'] = text.split('/');
    const [units = '', digits = ''] = above.split('.');
    return new Fraction(toBigInt(units + digits), toBigInt(below.padEnd(below.length + digits.length, '0')));
  }

  plus(other: Fraction): Fraction {
    if (this.denominator === other.denominator) return new Fraction(this.numerator + other.numerator, this.denominator);
    return new Fraction(this.numerator * other.denominator + other.numerator * this.denominator, this.denominator * other.denominator);
  }

  minus(other: Fraction): Fraction {
    return this.plus(new Fraction(-other.numerator, other.denominator));
  }

  times(other: Fraction): Fraction {
    return new Fraction(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  over(other: Fraction): Fraction {
    if (other.numerator === 0n) throw new RangeError('nothing can be divided by 0');
    const sign = other.numerator < 0n ? -1n : 1n;
    return new Fraction(sign * this.numerator * other.denominator, sign * this.denominator * other.numerator);
  }

  isZero(): boolean {
    return this.numerator === 0n;
  }

  isBelow(other: Fraction): boolean {
    return this.numerator * other.denominator < other.numerator * this.denominator;
  }

  /** The least whole number that is not below this one. */
  ceiling(): Fraction {
    const down = this.numerator / this.denominator;
    return new Fraction(down * this.denominator < this.numerator ? down + 1n : down, 1n);
  }

  /** With so many digits after the point; a half is rounded away from zero. */
  toRoundedText(digits: number): string {
    const magnitude = this.numerator < 0n ? -this.numerator : this.numerator;
    const units = (2n * magnitude * 10n ** toBigInt(digits) + this.denominator) / (2n * this.denominator);
    const padded = units.toString().padStart(digits + 1, '0');
    const point = padded.length - digits;
    const sign = this.numerator < 0n && units > 0n ? '-' : '';
    return `${sign}${padded.slice(0, point)}${digits === 0 ? '' : '.'}${padded.slice(point)}`;
  }

  /** In lowest terms, "41/8", or "3" for a whole number: the same text for the same value. */
  toText(): string {
    let [divisor, rest] = [this.numerator < 0n ? -this.numerator : this.numerator, this.denominator];
    while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
    const below = this.denominator / divisor;
    return below === 1n ? `${this.numerator / divisor}` : `${this.numerator / divisor}/${below}`;
  }
}
