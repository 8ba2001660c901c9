// An amount that can be paid: a whole number of the currency's minor unit. Exact intermediate results are Rational; they become Money once,
// by a named rule.
import { minorDigits } from './currency';
import { Decimal } from './decimal';
import { Rational } from './rational';
import type { RoundingRule } from './rounding';

/** `minorAmount` cents, yen or fils of `currency`. Immutable. Arithmetic between two currencies throws. */
export class Money {
  private constructor(
    readonly minorAmount: bigint,
    readonly currency: string,
    readonly digits: number,
  ) {}

  static ofMinor(minorAmount: bigint, currency: string): Money {
    return new Money(minorAmount, currency, minorDigits(currency));
  }

  static zero(currency: string): Money {
    return Money.ofMinor(0n, currency);
  }

  /** Reads "13.5" or "13.50" exactly. Throws if the text is finer than the minor unit: rounding is never implied. */
  static parse(text: string, currency: string): Money {
    const digits = minorDigits(currency);
    const written = Decimal.parse(text);
    const amount = written.toScale(digits, 'floor');
    if (!amount.equals(written)) throw new RangeError(`${text} is finer than the minor unit of ${currency}`);
    return new Money(amount.value, currency, digits);
  }

  static round(exact: Rational, currency: string, rule: RoundingRule): Money {
    const digits = minorDigits(currency);
    return new Money(exact.toDecimal(digits, rule).value, currency, digits);
  }

  static sum(amounts: Iterable<Money>, currency: string): Money {
    let total = Money.zero(currency);
    for (const amount of amounts) total = total.add(amount);
    return total;
  }

  add(other: Money): Money {
    return new Money(this.minorAmount + this.sameCurrency(other).minorAmount, this.currency, this.digits);
  }

  subtract(other: Money): Money {
    return this.add(other.negate());
  }

  negate(): Money {
    return new Money(-this.minorAmount, this.currency, this.digits);
  }

  /** Negative, zero or positive, as `Array.sort` wants it. */
  compare(other: Money): number {
    const right = this.sameCurrency(other).minorAmount;
    return this.minorAmount < right ? -1 : this.minorAmount > right ? 1 : 0;
  }

  equals(other: Money): boolean {
    return this.currency === other.currency && this.minorAmount === other.minorAmount;
  }

  get isZero(): boolean {
    return this.minorAmount === 0n;
  }

  get isNegative(): boolean {
    return this.minorAmount < 0n;
  }

  toDecimal(): Decimal {
    return Decimal.of(this.minorAmount, this.digits);
  }

  toRational(): Rational {
    return Rational.fromDecimal(this.toDecimal());
  }

  /** The amount alone, with exactly the currency's decimals: "13.50". */
  toString(): string {
    return this.toDecimal().toString();
  }

  toJSON(): { amount: string; currency: string } {
    return { amount: this.toString(), currency: this.currency };
  }

  private sameCurrency(other: Money): Money {
    if (other.currency !== this.currency) throw new RangeError(`${this.currency} and ${other.currency} do not mix`);
    return other;
  }
}
